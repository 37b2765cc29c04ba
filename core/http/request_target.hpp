// SPDX-License-Identifier: MIT
//
// What a request asks for, in its two parts: the path, and the query after its `?`.
//
// A target may also be a whole URL, which servers must accept though only proxies are sent it (RFC
// 9112 section 3.2.2). Scheme and authority are passed over then: the Host header has been checked,
// and one process serves one site.
//
// Nothing is decoded or copied; the results are views into the target.
#pragma once

#include <string_view>

namespace notify {

// "/socket.io/" of "/socket.io/?EIO=4" and of "http://example.org/socket.io/"; "/" of a URL without
// a path.
[[nodiscard]] std::string_view path_of(std::string_view target);
// What follows the first `?`; "" if there is none.
[[nodiscard]] std::string_view query_of(std::string_view target);

}  // namespace notify
