// SPDX-License-Identifier: MIT
#include "gateway/canary.hpp"

#include <charconv>
#include <utility>

namespace notify {

// A round that ends late is missing no more: a Redis that is slow for a moment is not dead.
canary::step canary::due(microseconds now)
{
    if (!messages_up_ || !commands_up_) return step::nothing;
    if (std::exchange(publishes_, false)) {
        published_at_[begun_ % most_missing] = now;
        return step::publish;
    }
    if (now < next_) return step::nothing;
    next_ = now + period;
    if (begun_ - ended_ == most_missing) {
        state_ = readiness::silent;
        return step::drop;
    }
    ++begun_;
    return step::subscribe;
}

void canary::on_messages(bool up) { on_connection(messages_up_, up); }

void canary::on_commands(bool up) { on_connection(commands_up_, up); }

// "silent" outlives the connections that were dropped for it, until one cannot be made again or a
// nonce comes back: it says more than that there is no connection at the moment.
void canary::on_connection(bool& was_up, bool is_up)
{
    bool const is_lost = std::exchange(was_up, is_up) && !is_up;
    if (!is_up && !(is_lost && state_ == readiness::silent)) state_ = readiness::no_redis;
    publishes_ = false;
    if (!messages_up_ || !commands_up_) return;
    if (state_ == readiness::no_redis) state_ = readiness::unproven;
    forget_missing();
    next_ = microseconds{0};
}

void canary::on_subscribed() { publishes_ = true; }

void canary::on_refused()
{
    state_ = readiness::refused;
    forget_missing();
}

void canary::on_message(std::string_view payload, microseconds now)
{
    std::uint64_t number = 0;
    auto const* const end = payload.data() + payload.size();
    auto const read = std::from_chars(payload.data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end) return;
    if (number <= ended_ || number > begun_) return;
    ended_ = number;
    round_trip_ = now - published_at_[number % most_missing];
    state_ = readiness::ready;
}

}  // namespace notify
