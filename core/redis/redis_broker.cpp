// SPDX-License-Identifier: MIT
#include "redis/redis_broker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>
#include <vector>

namespace notify::redis {

namespace {

// Channels in one SUBSCRIBE. After a loss a shard may want a hundred thousand channels back; Redis,
// which runs one command at a time, is to serve others in between.
constexpr std::size_t at_once = 500;

redis_policy subscribing(redis_policy policy)
{
    policy.subscriber = true;
    return policy;
}

}  // namespace

redis_broker::redis_broker(net::any_io_executor const& executor, redis_options options,
                           redis_policy policy)
    : connection_{executor, std::move(options), *this, subscribing(std::move(policy))}
{
}

void redis_broker::subscribe(std::span<std::string_view const> channels)
{
    std::vector<std::string_view> args;
    while (!channels.empty()) {
        auto const some = channels.first(std::min(at_once, channels.size()));
        args.assign(1, "SUBSCRIBE");
        args.insert(args.end(), some.begin(), some.end());
        expect(some);
        connection_.send(std::span<std::string_view const>{args});
        channels = channels.subspan(some.size());
    }
}

// Notes the confirmations of one command. Without memory it notes none of them and throws: an entry
// for a question that was never sent would make every later reply belong to the wrong channel.
void redis_broker::expect(std::span<std::string_view const> channels)
{
    auto const before = static_cast<std::ptrdiff_t>(due_.size());
    auto left = static_cast<std::uint32_t>(channels.size());
    try {
        for (auto const channel : channels) due_.push_back({std::string{channel}, left--, true});
    } catch (std::bad_alloc const&) {
        due_.erase(due_.begin() + before, due_.end());
        throw;
    }
}

void redis_broker::unsubscribe(std::string_view channel)
{
    due_.push_back({std::string{channel}, 1, false});
    connection_.send({"UNSUBSCRIBE", channel});
}

void redis_broker::on_up()
{
    if (on_state_) on_state_(true, {});
    listener_->on_up();
}

// Questions end with their connection. The listener asks again for what it wants when it is up.
void redis_broker::on_down(std::string_view reason)
{
    due_.clear();
    if (on_state_) on_state_(false, reason);
    listener_->on_down();
}

void redis_broker::on_wrong_server(std::string_view reason)
{
    if (on_wrong_server_) on_wrong_server_(reason);
}

// A push_message whose payload is shorter than announced is one that the reader was told not to
// keep.
void redis_broker::on_message(push_message const& m)
{
    if (m.bytes > m.payload.size()) return listener_->on_passed_over(m.channel, m.bytes);
    tell_message(m.channel, m.payload);
}

void redis_broker::tell_message(std::string_view channel, std::string_view payload)
{
    if (is_own(channel)) return own_->on_message(payload);
    listener_->on_message(channel, payload);
}

void redis_broker::tell_subscribed(std::string_view channel)
{
    if (is_own(channel)) return own_->on_subscribed();
    listener_->on_subscribed(channel);
}

void redis_broker::on_read_end()
{
    if (on_read_) on_read_();
}

// A reply is one of three: a message in an unusual form, a confirmation, or the refusal of a
// command. Anything else means that we have lost our place in the order of replies, and a wrong
// channel might be told as subscribed. So the connection is dropped, which has all channels asked
// for again.
void redis_broker::on_reply(reply_view r)
{
    auto const is_string = [r](std::size_t i) { return r[i].type() == reply_type::string; };
    if (r.size() == 3 && is_string(0) && is_string(1)) {
        auto const what = r[0].text();
        auto const channel = r[1].text();
        if (what == "message" && is_string(2)) return tell_message(channel, r[2].text());
        if (what == "subscribe" && try_confirm(true, channel)) return tell_subscribed(channel);
        if (what == "unsubscribe" && try_confirm(false, channel)) return;
    }
    if (r.is_error() && !due_.empty()) return on_refusal(r);
    auto const where = connection_.options().address.to_string();
    connection_.drop(fmt::format("Redis at {} sent what is neither a message nor an answer that "
                                 "is due",
                                 where));
}

// Takes the oldest question if this reply answers it. Redis answers in the order of the questions:
// a confirmation of any other channel is an error of the protocol, and is not searched for.
bool redis_broker::try_confirm(bool subscribes, std::string_view channel)
{
    if (due_.empty() || due_.front().subscribes != subscribes || due_.front().channel != channel)
        return false;
    due_.pop_front();
    return true;
}

// An error answers a whole command, and none of its channels has been subscribed to. Redis does not
// say which channel it minded, so the command is split: with one forbidden channel among 500 that
// takes about 18 further commands, and all others are subscribed to.
void redis_broker::on_refusal(reply_view r)
{
    auto const end = due_.begin() + static_cast<std::ptrdiff_t>(due_.front().left);
    std::vector<due> const refused{std::make_move_iterator(due_.begin()),
                                   std::make_move_iterator(end)};
    due_.erase(due_.begin(), end);
    if (!refused.front().subscribes) return;  // messages that still come find no channel in the hub
    if (refused.size() == 1) return tell_refused(refused.front().channel, r);
    std::span const all{refused};
    ask_by_halves(all.first(all.size() / 2));
    ask_by_halves(all.subspan(all.size() / 2));
}

void redis_broker::tell_refused(std::string_view channel, reply_view r)
{
    if (is_own(channel)) return own_->on_refused(quoted_error(r));
    listener_->on_refused(channel);
}

void redis_broker::ask_by_halves(std::span<due const> refused)
{
    std::vector<std::string_view> channels;
    channels.reserve(refused.size());
    for (due const& d : refused) channels.emplace_back(d.channel);
    subscribe(channels);
}

}  // namespace notify::redis
