// SPDX-License-Identifier: MIT
//
// An entry of a user's log (docs/protocol.md, Stored notifications): a notification, or a mark that
// says which ones were read. The same entry stands in the log and is published on the channel:
//
//     in the log        1732657160000-17-1732657161234567 {"unread":3,"message":"Hey"}
//     on the channel    ␞{"id":"1732657160000-17","at":1732657161234567,"unread":3,"message":"Hey"}
//
// The scripts in Redis write both. The first members come in this order, so that a gateway finds
// out where an entry stands without reading the rest.
//
// Pure functions; any thread may call them.
#pragma once

#include "contract/position.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace notify {

// What a message on a channel begins with if it is an entry (U+001E, as in RFC 7464). All other
// messages are plain text.
inline constexpr char entry_mark = '\x1e';

// A view: the fields belong to whoever has read them.
struct stored_entry {
    enum class type : std::uint8_t {
        notification,
        read,        // marks others as read
        replaced,    // a notification; a later one has the same key
        too_large,   // to be delivered
        unreadable,  // no JSON object of the members that an entry has
    };

    position where;
    // What follows id and at, with the closing brace: `"unread":3,"message":"Hey"}`.
    std::string_view fields;
    type what = type::notification;
    // When it is not shown any more, in microseconds since 1970; 0: never.
    std::uint64_t expires = 0;
    // A later notification with the same key takes this one's place; "" if it has none.
    std::string key{};
};

// Where a notification's sender wants to hear of it, and of what. Both are "" if nowhere.
struct receipt_request {
    std::string_view channel;
    std::string_view of;  // "written", "seen"
};

struct published_entry {
    stored_entry entry;
    receipt_request receipt;
};

// Reads what was published after the mark. Nothing if that does not begin as an entry does: then
// nobody knows where it stands. If only the rest is wrong, the entry is unreadable.
[[nodiscard]] std::optional<published_entry> parse_published(std::string_view text);

// Reads an element of a log; one longer than max_bytes is too_large. Nothing if it does not begin
// with a position.
[[nodiscard]] std::optional<stored_entry> parse_element(std::string_view element,
                                                        std::size_t max_bytes);

// Of the notifications with the same key all but the last become `replaced`: who was away is to
// see the newest only.
void mark_replaced(std::span<stored_entry> entries);

// Returns the JSON object that clients get for a notification: id, at, and the fields.
[[nodiscard]] std::string object_of(stored_entry const& e);

}  // namespace notify
