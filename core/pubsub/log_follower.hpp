// SPDX-License-Identifier: MIT
//
// One who follows a user's log: a channel, for all of its subscribers, or a replay, for one that
// has come back. It has a catch_up, which decides, and asks log_reads for what that wants to read.
//
// Used on its shard's thread. Linked into a list of log_reads while a read of it waits.
#pragma once

#include "contract/log_start.hpp"
#include "pubsub/catch_up.hpp"

#include <boost/intrusive/list.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace notify {

class log_reads;

// Where a follower is linked while a read waits.
using read_hook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<log_reads>,
                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

class log_follower : protected catch_up::owner, public read_hook {
public:
    // reads: null if there is no log; then none of the calls below but where() may come.
    explicit log_follower(log_reads* reads) : reads_{reads} {}
    log_follower(log_follower const&) = delete;
    log_follower& operator=(log_follower const&) = delete;

    [[nodiscard]] std::optional<position> where() const { return catch_up_.where(); }

    // --- for log_reads ---

    // The channel whose log it follows.
    [[nodiscard]] virtual std::string_view log_name() const = 0;
    // From where the log has to be read.
    [[nodiscard]] log_start from() const
    {
        return where() ? log_start::after(where()) : begins_at();
    }
    // Of the read that is going on.
    [[nodiscard]] std::uint64_t read_number() const { return catch_up_.read_number(); }
    // False while what the log answers would find no room: a client that has not read yet what it
    // got last.
    [[nodiscard]] virtual bool has_room() const { return true; }
    // The answer to a read of this number. May destroy the follower.
    virtual void on_answer(std::uint64_t number, log_answer const& answer)
    {
        catch_up_.on_answer(number, answer, *this);
    }

protected:
    virtual ~log_follower();

    // The calls of catch_up.hpp; the first two may throw std::bad_alloc. REQUIRES: there is a log.
    void confirm_log() { catch_up_.on_confirmed(*this); }
    void take_entry(stored_entry const& e) { catch_up_.on_entry(e, *this); }
    // A read that has not begun is not wanted any more; the answer to one that has is ignored.
    void lose_log();
    // Reads from where it stands, as after a loss. May throw std::bad_alloc.
    void read_log_again()
    {
        lose_log();
        confirm_log();
    }

    [[nodiscard]] bool is_ready() const { return catch_up_.ready(); }
    [[nodiscard]] bool is_reading() const { return catch_up_.reading(); }

    // The time for a notification to be shown is over.
    [[nodiscard]] bool is_expired(stored_entry const& e) const;

private:
    // Where it begins as long as it stands nowhere.
    [[nodiscard]] virtual log_start begins_at() const { return {}; }

    std::uint64_t read(std::optional<position> const& from, unsigned failures) noexcept final;

    log_reads* const reads_;
    catch_up catch_up_;
};

}  // namespace notify
