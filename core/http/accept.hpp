// SPDX-License-Identifier: MIT
//
// Which form of an answer a client wants (Accept, RFC 9110 section 12.5.1). A service that has
// several forms asks for the quality of each, and takes the best. Pure; any thread may call it.
#pragma once

#include <string_view>

namespace notify {

// Returns how much a client wants this media type: 1000 for most, 0 for not at all. accept: the
// value of its header; "" takes everything. type: in lower case, without parameters, such as
// `text/event-stream`.
//
// Of several members that cover the type the most specific one counts: `text/html` before `text/*`
// before `*/*`. Parameters other than q are passed over, and so is a member that is malformed.
[[nodiscard]] int quality_of(std::string_view type, std::string_view accept);

}  // namespace notify
