// SPDX-License-Identifier: MIT
//
// What a request asks for, in its two parts: the path, and the query after its `?`.
// A target may also be a whole URL, as proxies are sent it (RFC 9112 section 3.2.2);
// scheme and authority are passed over then. Views into the target.
#pragma once

#include <string_view>

namespace notify {

[[nodiscard]] std::string_view path_of(std::string_view target);
// Without its `?`; "" if there is none.
[[nodiscard]] std::string_view query_of(std::string_view target);

}  // namespace notify
