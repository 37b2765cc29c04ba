// SPDX-License-Identifier: MIT
//
// The event `notification`: what a user is told (docs/protocol.md, The contract with pages).
//
//     42/io/user/notifications,["notification",{"message":"Hey"}]
//
// What was published is text for the page, whatever it is: a publisher's JSON arrives as a string,
// and the page parses it. The gateway writes the event, notify-watch reads it.
#pragma once

#include "base/json.hpp"
#include "contract/stored_entry.hpp"
#include "protocol/frame.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace notify {

// As a client has it. All text is UTF-8, of any content and length; what is missing is "" or
// nothing. Of one that was published live there is the message alone.
struct notification {
    std::string message;  // as published

    std::string id{};
    std::uint64_t at = 0;  // when it was stored: microseconds since 1970; 0: it is not stored
    std::optional<std::uint64_t> unread{};  // how many are unread, with this one
    std::string title{};
    std::string level{};
    std::string link{};
    // Each member of the object but `message`, also those above: its name, and its value as JSON.
    std::vector<std::pair<std::string, std::string>> fields{};
    // Where it stands in the user's log, if the gateway was asked to say so.
    std::optional<position> where{};
};

// Returns the event for what was published, as one frame for all sockets of the user: the gateway
// calls this once for each message, however many tabs there are. Bytes that are not UTF-8 become
// U+FFFD. Allocates the frame, and nothing else if no character needs an escape. Does not look at
// the size: the hub compares it with --max-message before, and the frame's after.
[[nodiscard]] frame encode_notification(std::string_view published);

// Returns the object of the event `internal` for a mark: that it is one, where it stands, and its
// fields. REQUIRES: e is a mark.
[[nodiscard]] std::string read_outcome_of(stored_entry const& e);

// The same for an entry of the user's log, which is a notification or a mark. A notification has
// its id, time, the count of unread ones and its fields beside the message; a mark is the event
// `internal` with the code READ. offset: the position follows as a further argument, for clients
// that recover (Socket.IO's connection state recovery).
[[nodiscard]] frame encode_entry(stored_entry const& e, bool offset);

// Returns the event ["offset","<offset>"], which is for the client's library alone: it remembers
// the last text of an event, to present it when it comes back.
[[nodiscard]] frame encode_offset(std::string_view offset);

// Returns where an event, of any name, says that its client stands from then on: the last of its
// two arguments. REQUIRES: event is an array.
[[nodiscard]] std::optional<position> position_of(json const& event);

// Reads the event. If another server sends something else in place of {"message":"…"}, its JSON
// text is the message: notify-watch shows what came rather than nothing. The message is empty if
// there is no argument. REQUIRES: event is an array that begins with "notification".
[[nodiscard]] notification notification_of(json const& event);

}  // namespace notify
