// SPDX-License-Identifier: MIT
//
// How a subscription went, as clients of the namespace of notifications are told
// (protocol.md 1.1): in an `internal` event, and in the acknowledgement of whoever
// asked for one.
#pragma once

#include "protocol/frame.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

// {"type":"…","code":"…","message":"…"}. REQUIRES: type and code need no escape.
[[nodiscard]] std::string outcome_of(std::string_view type, std::string_view code,
                                     std::string_view message);

// ["internal",<outcome>]
[[nodiscard]] frame internal_event(std::string_view outcome);

// [<outcome>], for an event that asked for an acknowledgement with this id.
[[nodiscard]] frame acknowledgement(std::uint64_t id, std::string_view outcome);

}  // namespace notify
