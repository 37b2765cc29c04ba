// SPDX-License-Identifier: MIT
#include "pubsub/replay.hpp"

#include "pubsub/channel.hpp"

#include <utility>

namespace notify {

std::string_view replay::log_name() const { return channel_.name(); }

// on_replayed() may destroy this replay.
void replay::on_answer(std::uint64_t number, log_answer const& answer)
{
    using outcome = log_answer::outcome;
    bool const goes_on = answer.what == outcome::follows ||
                         (answer.what == outcome::gone && !start_.claims_position());
    if (number == read_number() && goes_on && !std::exchange(resumed_, true)) {
        is_first_reset_ = answer.what == outcome::gone;
        subscriber_.on_resumed(true);
    }
    log_follower::on_answer(number, answer);
    channel_.on_replayed(*this);
}

void replay::deliver(stored_entry const& e) noexcept { channel_.deliver_to(subscriber_, e); }

void replay::reset() noexcept
{
    if (std::exchange(is_first_reset_, false)) return;
    if (!std::exchange(resumed_, true))
        subscriber_.on_resumed(false);
    else
        subscriber_.on_gap();
}

}  // namespace notify
