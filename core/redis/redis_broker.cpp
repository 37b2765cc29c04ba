// SPDX-License-Identifier: MIT
#include "redis/redis_broker.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace notify::redis {

namespace {

// Channels in one SUBSCRIBE: few enough that Redis serves others in between.
constexpr std::size_t at_once = 500;

redis_policy subscribing(redis_policy policy)
{
    policy.subscriber = true;
    return policy;
}

}  // namespace

redis_broker::redis_broker(net::any_io_executor const& executor, redis_options options,
                           redis_policy policy)
    : connection_(executor, std::move(options), *this, subscribing(std::move(policy)))
{
}

void redis_broker::subscribe(std::span<std::string_view const> channels)
{
    std::vector<std::string_view> args;
    while (!channels.empty()) {
        auto const some = channels.first(std::min(at_once, channels.size()));
        args.assign(1, "SUBSCRIBE");
        args.insert(args.end(), some.begin(), some.end());
        connection_.send(std::span<std::string_view const>{args});
        channels = channels.subspan(some.size());
    }
}

void redis_broker::unsubscribe(std::string_view channel)
{
    connection_.send({"UNSUBSCRIBE", channel});
}

void redis_broker::on_up()
{
    if (on_state_) on_state_(true, {});
    listener_->on_up();
}

void redis_broker::on_down(std::string_view reason)
{
    if (on_state_) on_state_(false, reason);
    listener_->on_down();
}

void redis_broker::on_message(push_message const& m)
{
    listener_->on_message(m.channel, m.payload);
}

void redis_broker::on_read_end()
{
    if (on_read_) on_read_();
}

void redis_broker::on_reply(reply_view r)
{
    auto const is_string = [r](std::size_t i) { return r[i].type() == reply_type::string; };
    if (r.size() == 3 && is_string(0) && is_string(1)) {
        auto const what = r[0].text();
        auto const channel = r[1].text();
        if (what == "message" && is_string(2)) return listener_->on_message(channel, r[2].text());
        if (what == "subscribe") return listener_->on_subscribed(channel);
        if (what == "unsubscribe") return;
    }
    // A refused subscription (ACL) is a fault in the set-up. To go on would leave
    // users without their messages and nobody the wiser; so it is said, as the
    // reason of a loss, and tried again.
    auto const where = connection_.options().address.to_string();
    connection_.drop(
        r.is_error() ? fmt::format("Redis at {} refused a subscription: {}", where, quoted_error(r))
                     : fmt::format("Redis at {} sent what is no message", where));
}

}  // namespace notify::redis
