// SPDX-License-Identifier: MIT
#include "pubsub/log_follower.hpp"

#include "pubsub/log_reads.hpp"

namespace notify {

log_follower::~log_follower()
{
    if (is_reading()) reads_->forget(*this);
}

void log_follower::lose_log()
{
    if (is_reading()) reads_->forget(*this);
    catch_up_.on_lost();
}

// from is asked for again when the read begins, and is the same then: nothing is delivered while a
// read is going on.
std::uint64_t log_follower::read(std::optional<position> const&, unsigned failures) noexcept
{
    return reads_->ask(*this, failures > 0);
}

// Few have an end, so the clock is seldom asked.
bool log_follower::is_expired(stored_entry const& e) const
{
    return e.expires != 0 && reads_ && reads_->server_time() >= e.expires;
}

}  // namespace notify
