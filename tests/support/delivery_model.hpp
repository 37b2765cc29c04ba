// SPDX-License-Identifier: MIT
//
// Checks the deliveries on one channel. This model knows every entry that was ever accepted. The
// test tells it what happens to entries and what catch_up decides, and it notes what is wrong.
#pragma once

#include "contract/stored_entry.hpp"
#include "pubsub/memory_message_log.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace notify::test {

class delivery_model {
public:
    // The first error; nothing if there was none.
    [[nodiscard]] std::string const& fault() const { return fault_; }

    // --- what happens ---

    // The text of the entry that is accepted next. More may follow it, after a space.
    [[nodiscard]] std::string next_text() const { return std::to_string(all_.size()); }
    void on_accepted(position const& p) { all_.push_back({p}); }
    // A failover takes this entry away.
    void on_taken(std::string_view text) { all_[index_of(text)].taken_at = all_.size(); }
    // The log is deleted, trimmed or failed over: a reason for one gap.
    void on_harm() { ++harms_; }
    // Too many reads have failed in a row: from now on any gap is allowed.
    void on_unreadable() { unreadable_ = true; }

    // --- what is decided ---

    void on_delivery(stored_entry const& e)
    {
        auto const i = index_of(e.fields);
        if (i >= all_.size() || all_[i].where != e.where) return fail("not what was published");
        if (all_[i].delivered) return fail("delivered twice");
        if (i < next_) return fail("out of order");
        if (resets_ == 0) return fail("delivered before the beginning");
        for (auto missed = gap_told_ ? std::max(next_, excused_) : next_; missed < i; ++missed)
            if (all_[missed].taken_at == 0) return fail("missed an entry in silence");
        if (!gap_told_ && next_ > 0 && all_[next_ - 1].delivered) {
            auto const taken_at = all_[next_ - 1].taken_at;
            if (taken_at != 0 && i >= taken_at) fail("went on in another history, in silence");
        }
        all_[i].delivered = true;
        next_ = i + 1;
        gap_told_ = false;
    }

    // A gap, or the first time the beginning: after the entry at where, if that is known.
    void on_reset(std::optional<position> const& where)
    {
        if (++resets_ == 1 && where) {
            begins_after_ = where->at;
            while (next_ < all_.size() && all_[next_].where.at <= begins_after_) ++next_;
            return;
        }
        if (resets_ > 1 + harms_ && !unreadable_) fail("a gap without a reason");
        gap_told_ = true;
        excused_ = all_.size();
    }

    // Checks that all of the log was delivered. For the end, when everything has come to rest.
    void on_rest(memory_message_log::history const& log, std::optional<position> const& where)
    {
        if (next_ < all_.size() && excused_ < all_.size()) return fail("the newest is missing");
        if (where != all_.back().where) return fail("stands elsewhere");
        if (unreadable_) return;
        for (auto const& e : log) {
            bool const wanted = e.where.number != 0 && e.where.at > begins_after_;
            if (wanted && !all_[index_of(e.text)].delivered)
                return fail("what the log has was not delivered");
        }
    }

    void fail(char const* what)
    {
        if (fault_.empty()) fault_ = what;
    }

private:
    struct accepted {
        position where;
        bool delivered = false;
        std::size_t taken_at = 0;  // by a failover, when so many were accepted; 0 if by none
    };

    static std::size_t index_of(std::string_view text)
    {
        std::size_t i = 0;
        std::from_chars(text.data(), text.data() + text.size(), i);
        return i;
    }

    std::vector<accepted> all_;  // each by the number that its text begins with
    std::size_t next_ = 0;       // to be delivered
    bool gap_told_ = false;      // since the newest delivery
    std::size_t excused_ = 0;    // those before it were accepted before a gap was told
    std::size_t resets_ = 0;
    std::size_t harms_ = 0;
    bool unreadable_ = false;
    std::uint64_t begins_after_ = 0;
    std::string fault_;
};

}  // namespace notify::test
