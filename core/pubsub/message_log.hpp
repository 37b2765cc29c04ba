// SPDX-License-Identifier: MIT
//
// Where stored notifications can be read again: a log for each channel, as the hub
// sees it. Redis is to be one; memory is another (pubsub/memory_message_log, for tests).
//
// A log is one history. Entries are numbered without holes, each has a later time than the
// one before, and none is taken out of the middle; the oldest may be (see contract/position).
//
// Belongs to one shard; all calls, both ways, come on its thread.
#pragma once

#include "contract/log_start.hpp"
#include "contract/position.hpp"
#include "contract/stored_entry.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace notify {

// What a log says to who asks for what follows a position.
struct log_answer {
    enum class outcome : std::uint8_t {
        follows,  // the position is there, number and time; entries come directly after it
        gone,     // it is not: trimmed, expired, deleted, or another history's
        failed,   // nobody knows
    };

    outcome what = outcome::failed;
    // The oldest that were asked for; valid during the call that hands over the answer. Of a
    // log from which the position is gone these are the entries of a later time than it.
    std::span<stored_entry const> entries;
    // What the entries come after; the log's end if there are none. Nothing if the position is gone
    // and the first entry is the oldest that the log still has.
    std::optional<position> base;
    // The log goes on after these: an answer is bounded in size, but holds an entry at least.
    bool more = false;
};

class message_log {
public:
    // Told the answers. None comes from within read().
    class listener {
    public:
        // Reads may be asked for again.
        virtual void on_log_up() = 0;
        virtual void on_answer(std::string_view channel, std::uint64_t number,
                               log_answer const& answer) = 0;

    protected:
        ~listener() = default;
    };

    virtual ~message_log() = default;

    // REQUIRES: called once, before anything is read; l outlives the log's work.
    virtual void listen(listener& l) = 0;

    // False while a read would fail at once, or might be answered by another server than the one
    // that the broker's subscriptions are with.
    [[nodiscard]] virtual bool up() const = 0;

    // The time as the log's server has it, or nearly: microseconds since 1970.
    [[nodiscard]] virtual std::uint64_t server_time() const = 0;

    // Asks what follows a position in the log of a channel, or what was stored later than a time.
    // A start at the end asks where that is, which is answered as gone, with that base. So is a
    // start at a time, with the entries that are later. Each begins a log that is not there, so
    // that what is sent next follows something: otherwise nobody could tell later whether a first
    // entry is the first.
    //
    // The answer bears the number given here, and always comes. It is given by the server
    // that the broker's subscriptions are with, and later than this call: what that server
    // had published by then, the answer knows of. Throws std::bad_alloc; then none comes.
    virtual void read(std::string_view channel, log_start const& from, std::uint64_t number) = 0;
};

}  // namespace notify
