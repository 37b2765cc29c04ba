// SPDX-License-Identifier: MIT
//
// A message log without a server, for tests: the test writes to it, takes from it what a
// server can lose, and says when a read is done and when its answer comes.
#pragma once

#include "pubsub/message_log.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace notify {

class memory_message_log final : public message_log {
public:
    struct element {
        position where;
        std::string text;  // empty where the log begins
    };
    using history = std::deque<element>;

    void listen(listener& l) override { listener_ = &l; }

    [[nodiscard]] bool up() const override { return up_; }

    [[nodiscard]] std::uint64_t server_time() const override { return now; }

    void read(std::string_view channel, log_start const& from, std::uint64_t number) override
    {
        waiting_.push_back({std::string{channel}, from, number, {}, {}, false});
    }

    // --- what happens to a log ---

    // As notify_send does: numbers the entry and stores it. Returns where.
    position append(std::string const& channel, std::string text)
    {
        history& log = logs_[channel];
        position p{++now / 1'000, 1, now};
        if (!log.empty()) {
            p.epoch = log.back().where.epoch;
            p.number = log.back().where.number + 1;
        }
        log.push_back({p, std::move(text)});
        return p;
    }

    // Keeps the newest entries.
    void trim(std::string const& channel, std::size_t kept)
    {
        history& log = logs_[channel];
        while (log.size() > kept) log.pop_front();
        if (log.empty()) expire(channel);
    }

    // The log is gone; it is made anew by the next who writes or reads.
    void expire(std::string const& channel) { logs_.erase(channel); }

    // What a failover does to entries that the replica had not got yet.
    void lose_newest(std::string const& channel, std::size_t count)
    {
        history& log = logs_[channel];
        log.resize(log.size() - std::min(count, log.size()));
        if (log.empty()) expire(channel);
    }

    [[nodiscard]] history const& log_of(std::string const& channel) { return logs_[channel]; }

    // --- what happens to reads ---

    void go_down() { up_ = false; }
    void come_up()
    {
        up_ = true;
        listener_->on_log_up();
    }

    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

    // Does what has been asked for and is not done yet; the answers come later.
    void work()
    {
        for (reading& r : waiting_)
            if (!std::exchange(r.done, true)) look_up(r);
    }

    // Answers one of those that wait, the oldest by default. REQUIRES: there are as many.
    void answer(std::size_t which = 0)
    {
        work();
        auto const at = waiting_.begin() + static_cast<std::ptrdiff_t>(which);
        reading r = std::move(*at);
        waiting_.erase(at);
        std::vector<stored_entry> entries;
        for (element const& e : r.found) entries.push_back(view_of(e));
        r.told.entries = entries;
        listener_->on_answer(r.channel, r.number, r.told);
    }

    std::uint64_t now = 1'700'000'000'000'000;  // in microseconds; each entry takes one
    std::size_t max_entries = 100;              // of one answer
    std::size_t fails = 0;                      // so many reads that are done next

private:
    struct reading {
        std::string channel;
        log_start from;
        std::uint64_t number;
        log_answer told;
        std::vector<element> found;
        bool done;
    };

    static stored_entry view_of(element const& e)
    {
        stored_entry v;
        v.where = e.where;
        v.fields = e.text;
        return v;
    }

    void look_up(reading& r)
    {
        if (fails > 0) {
            --fails;
            return;
        }
        history& log = logs_[r.channel];
        // Also for who comes back with a position of the log that was here before.
        if (log.empty()) log.push_back({{++now / 1'000, 0, now}, {}});
        auto first = std::find_if(log.begin(), log.end(),
                                  [&r](element const& e) { return is_at(e, r.from); });
        r.told.what = log_answer::outcome::gone;
        if (first != log.end()) {
            r.told.what = log_answer::outcome::follows;
            ++first;
        } else if (r.from.what != log_start::kind::end) {
            first = first_after(log, r.from.where.at);
        }
        if (first != log.begin()) r.told.base = std::prev(first)->where;
        auto const left = static_cast<std::size_t>(log.end() - first);
        r.told.more = left > max_entries;
        r.found.assign(first, first + static_cast<std::ptrdiff_t>(std::min(left, max_entries)));
    }

    static bool is_at(element const& e, log_start const& from)
    {
        if (from.what == log_start::kind::position) return e.where == from.where;
        return from.what == log_start::kind::id && e.where.epoch == from.where.epoch &&
               e.where.number == from.where.number;
    }

    static history::iterator first_after(history& log, std::uint64_t at)
    {
        return std::find_if(log.begin(), log.end(), [at](element const& e) {
            return e.where.number != 0 && e.where.at > at;
        });
    }

    listener* listener_ = nullptr;
    bool up_ = true;
    std::map<std::string, history> logs_;
    std::vector<reading> waiting_;
};

}  // namespace notify
