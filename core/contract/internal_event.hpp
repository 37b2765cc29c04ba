// SPDX-License-Identifier: MIT
//
// How a subscription went, and what has become of it, as clients of the namespace of
// notifications are told (docs/protocol.md, The contract with pages): in the event
// `internal`, and in the acknowledgement of whoever asked for one.
#pragma once

#include "base/json.hpp"
#include "protocol/frame.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

enum class internal_code : std::uint8_t {
    subscription_ok,    // SUBSCRIPTION_OK; the others are errors
    redis_failed,       // USER_ID_RETRIEVAL_RETURNED_ERROR
    unknown_uuid,       // USERID_IS_NULL
    cookies_refused,    // SUBSCRIBE_BY_COOKIES_ERROR
    message_too_large,  // MESSAGE_TOO_LARGE
};

// As it stands in the event; also in comparisons with what a server sent.
[[nodiscard]] std::string_view name_of(internal_code code);

// {"type":"…","code":"…","message":"…"}: what both of the following carry.
[[nodiscard]] std::string outcome_of(internal_code code, std::string_view message);

// ["internal",<outcome>]
[[nodiscard]] frame encode_internal_event(std::string_view outcome);

// [<outcome>], for an event that asked for an acknowledgement with this id.
[[nodiscard]] frame encode_acknowledgement(std::uint64_t id, std::string_view outcome);

// What a server said; "(nothing)" for what it did not.
struct internal_event {
    std::string type;
    std::string code;
    std::string message;
};

// REQUIRES: event is an array that begins with "internal".
[[nodiscard]] internal_event internal_event_of(json const& event);

// The text of a member of an object; "(nothing)" if there is none.
[[nodiscard]] std::string text_or_nothing(json const& object, char const* name);

}  // namespace notify
