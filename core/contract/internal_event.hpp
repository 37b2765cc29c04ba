// SPDX-License-Identifier: MIT
//
// The event `internal`: what clients of the namespace of notifications are told about their
// subscription (docs/protocol.md, The contract with pages). The same object, the outcome, goes out
// in the event and in the acknowledgement of an event that asked for one:
//
//     42/io/user/notifications,["internal",{"type":"success","code":"SUBSCRIPTION_OK","message":…}]
//     43/io/user/notifications,7[{"type":"success","code":"SUBSCRIPTION_OK","message":…}]
//
// gateway/notifications writes it, notify-watch reads it. `type` and `code` are for programs and
// cannot change; `message` is a sentence for people. Pure functions; any thread may call them.
#pragma once

#include "base/json.hpp"
#include "protocol/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

enum class internal_code : std::uint8_t {
    subscription_ok,    // SUBSCRIPTION_OK
    read,               // READ: notifications were marked as read; the others are errors
    gap,                // GAP: notifications may be missing before the next that comes
    redis_failed,       // USER_ID_RETRIEVAL_RETURNED_ERROR
    unknown_uuid,       // USERID_IS_NULL
    cookies_refused,    // SUBSCRIBE_BY_COOKIES_ERROR
    message_too_large,  // MESSAGE_TOO_LARGE
    bad_position,       // BAD_POSITION: it is no place in a log; nobody was asked who the client is
};

// Returns the code as it stands in the event: "SUBSCRIPTION_OK".
[[nodiscard]] std::string_view name_of(internal_code code);

// Returns {"type":"…","code":"…","message":"…"}, the JSON text that both of the following carry.
// message is shown to the client, and must hold no secret.
[[nodiscard]] std::string outcome_of(internal_code code, std::string_view message);

// The sentences that go with codes, the same on each wire.
inline constexpr std::string_view subscribed_sentence = "subscribed";
inline constexpr std::string_view resubscribed_sentence =
    "subscribed again: what was sent live while Redis was away did not arrive";
inline constexpr std::string_view gap_sentence =
    "notifications may be missing before the next: load the page again to see all";
[[nodiscard]] std::string too_large_sentence(std::size_t bytes);
[[nodiscard]] std::string bad_position_sentence(std::string_view since);

// Returns the event ["internal",<outcome>] with its namespace, as a frame for any wire. offset:
// where the client stands from now on, a further argument for those that recover; "" for none.
[[nodiscard]] frame encode_internal_event(std::string_view outcome, std::string_view offset = {});

// Returns the acknowledgement [<outcome>] for the event that asked for one with this id.
[[nodiscard]] frame encode_acknowledgement(std::uint64_t id, std::string_view outcome);

// The event as a client reads it. notify-watch prints what other servers send too, so a member that
// is missing, or is not text, is "(nothing)" and no error.
struct internal_event {
    std::string type;
    std::string code;
    std::string message;
};

// Reads the first argument of an event. REQUIRES: event is an array that begins with "internal".
[[nodiscard]] internal_event internal_event_of(json const& event);

// Returns the text of a member of object; "(nothing)" if there is none, or if object is none.
[[nodiscard]] std::string text_or_nothing(json const& object, char const* name);

}  // namespace notify
