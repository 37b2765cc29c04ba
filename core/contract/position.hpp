// SPDX-License-Identifier: MIT
//
// Where a stored notification stands in its user's log, as publishers, pages and
// tools write it: "<epoch>-<number>-<at>", in decimal.
//
// The first two are the notification's id. A log numbers its entries 1, 2, 3, … from
// the moment it is made, its epoch; one that is deleted and made anew has another
// epoch. Two histories of one log can still give an id to two notifications: a
// replica that takes over lacks the newest entries, and numbers others in their
// place. The time tells these apart, so a position holds it too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace notify {

// Invariant: none of the three reaches 2^53, up to which the scripts in Redis count exactly.
struct position {
    std::uint64_t epoch = 0;   // when the log was made: milliseconds since 1970, never 0
    std::uint64_t number = 0;  // 0 is where a log begins, before its first entry
    std::uint64_t at = 0;      // when the entry was stored: microseconds since 1970, by Redis

    bool operator==(position const&) const = default;

    // Whether the entry at next may come directly after this one, in one history. A log's times
    // grow from entry to entry, also when the clock does not.
    [[nodiscard]] bool precedes(position const& next) const
    {
        return next.epoch == epoch && next.number == number + 1 && next.at > at;
    }
};

// "1732657160000-17-1732657161234567"
[[nodiscard]] std::string to_text(position const& p);

// The notification's id, "1732657160000-17".
[[nodiscard]] std::string id_of(position const& p);

// Takes what to_text() writes, and nothing else: one position has one text.
[[nodiscard]] std::optional<position> parse_position(std::string_view text);

// The same in two parts, the id and the time.
[[nodiscard]] std::optional<position> parse_position(std::string_view id, std::string_view at);

}  // namespace notify
