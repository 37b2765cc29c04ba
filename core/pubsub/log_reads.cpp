// SPDX-License-Identifier: MIT
#include "pubsub/log_reads.hpp"

#include <algorithm>
#include <exception>

namespace notify {

// The list of those under way never grows later, so that asking takes no memory.
log_reads::log_reads(message_log& log, shard_clock& clock) : log_{log}, clock_{clock}
{
    under_way_.reserve(max_under_way);
    log_.listen(*this);
}

// f does not know its number before this returns, so one that begins at once is given it here.
std::uint64_t log_reads::ask(log_follower& f, bool later) noexcept
{
    f.read_hook::unlink();
    std::uint64_t const number = ++last_number_;
    if (later)
        pause_for(f);
    else if (waiting_.empty() && may_begin())
        begin(f, number);
    else
        waiting_.push_back(f);
    return number;
}

void log_reads::forget(log_follower& f) noexcept
{
    f.read_hook::unlink();
    for (read& r : under_way_)
        if (r.asker == &f) r.asker = nullptr;
}

void log_reads::pause_for(log_follower& f) noexcept
{
    pausing_.push_back(f);
    if (!armed()) clock_.arm(*this, pause);
}

void log_reads::on_timer(time_ms) noexcept
{
    waiting_.splice(waiting_.end(), pausing_);
    begin_waiting();
}

void log_reads::on_log_up() { begin_waiting(); }

bool log_reads::may_begin() const { return log_.up() && under_way_.size() < max_under_way; }

void log_reads::begin_waiting() noexcept
{
    while (may_begin() && !waiting_.empty()) {
        log_follower& f = waiting_.front();
        waiting_.pop_front();
        begin(f, f.read_number());
    }
}

// Without memory it tries again later: whoever waits for the answer would wait for ever.
void log_reads::begin(log_follower& f, std::uint64_t number) noexcept
{
    if (!f.has_room()) return pause_for(f);
    try {
        log_.read(f.log_name(), f.from(), number);
    } catch (std::exception const&) {
        return pause_for(f);
    }
    under_way_.push_back({number, &f});
}

// The next one begins first: what the answer brings may take a while.
void log_reads::on_answer(std::string_view, std::uint64_t number, log_answer const& answer)
{
    auto const found = std::find_if(under_way_.begin(), under_way_.end(),
                                    [number](read const& r) { return r.number == number; });
    if (found == under_way_.end()) return;
    log_follower* const asker = found->asker;
    under_way_.erase(found);
    begin_waiting();
    if (asker) asker->on_answer(number, answer);
}

}  // namespace notify
