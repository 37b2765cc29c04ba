// SPDX-License-Identifier: MIT
#include "redis/redis_client.hpp"

#include "base/until_memory.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <new>
#include <utility>

namespace notify::redis {

redis_client::redis_client(net::any_io_executor const& executor, redis_options options,
                           redis_policy policy, redis_client_options limits)
    : keeps_trying_{policy.keep_trying},
      limits_{limits},
      connection_{executor, std::move(options), *this, std::move(policy)},
      timer_{executor}
{
}

// The entry is in pending_ before the command is sent. If the send fails for want of memory, the
// link ends, and on_down() tells the handler with all others.
void redis_client::command(std::span<std::string_view const> args, handler h)
{
    auto const where = [this] { return options().address.to_string(); };
    if (!up())
        return fail_soon(std::move(h),
                         reason_.empty()
                             ? fmt::format("Redis at {} is not reached yet", where())
                             : fmt::format("Redis at {} is not reachable: {}", where(), reason_));
    if (pending_.size() >= limits_.max_pending)
        return fail_soon(std::move(h), fmt::format("{} commands already wait for Redis at {}",
                                                   pending_.size(), where()));
    pending_.push_back({clock::now() + limits_.reply_within, std::move(h)});
    connection_.send(args);
    if (!watching_) watch_front();
}

void redis_client::command(command_args args, handler h)
{
    command(std::span{args.begin(), args.size()}, std::move(h));
}

net::awaitable<result<reply>> redis_client::async_command(std::vector<std::string> args)
{
    return net::async_initiate<net::use_awaitable_t<> const, void(result<reply>)>(
        [this](auto completion, std::vector<std::string> const& texts) {
            std::vector<std::string_view> const views{texts.begin(), texts.end()};
            command(std::span{views},
                    [c = std::move(completion)](result<reply_view> const& r) mutable {
                        std::move(c)(r ? result<reply>{reply{*r}} : result<reply>{r.error()});
                    });
        },
        net::use_awaitable, std::move(args));
}

net::awaitable<result<void>> redis_client::ready()
{
    return net::async_initiate<net::use_awaitable_t<> const, void(result<void>)>(
        [this](auto completion) {
            wait_ready(
                [c = std::move(completion)](result<void> const& r) mutable { std::move(c)(r); });
        },
        net::use_awaitable);
}

// Posted, so that a handler is never called before the function that was given it returns.
void redis_client::wait_ready(ready_handler h)
{
    waiting_.push_back(std::move(h));
    if (up() || (!keeps_trying_ && !reason_.empty()))
        net::post(timer_.get_executor(), [this, alive = std::weak_ptr{alive_}] {
            if (!alive.expired()) tell_ready(up() ? result<void>{} : error{reason_});
        });
}

void redis_client::tell_ready(result<void> const& r)
{
    for (auto& h : std::exchange(waiting_, {})) h(r);
}

// A failure that is known at once is still told from the event loop: callers may rely on being
// finished with their own state when the handler runs.
void redis_client::fail_soon(handler h, std::string reason)
{
    net::post(timer_.get_executor(), [h = std::move(h), e = error{std::move(reason)},
                                      alive = std::weak_ptr{alive_}]() mutable {
        if (!alive.expired()) h(std::move(e));
    });
}

void redis_client::on_up()
{
    reason_.clear();
    serves_ = false;
    left_wrong_server_ = false;
    if (on_state_) on_state_(true, {});
    tell_ready({});
}

// The link ends a connection whose replies outnumber the commands, so pending_ is not empty here.
// The entry leaves before its handler is called, which may send further commands.
void redis_client::on_reply(reply_view r)
{
    auto h = std::move(pending_.front().h);
    pending_.pop_front();
    serves_ = !is_wrong_server(r);
    h(r);
}

void redis_client::on_wrong_server(std::string_view reason)
{
    left_wrong_server_ = true;
    if (on_wrong_server_) on_wrong_server_(reason);
}

// Fails all that is pending. Handlers may send further commands: these fail at once and do not
// enter pending_ again, because the connection is not up any more, so the loop ends. Reasons are
// texts and take memory; without it, the handlers are told that instead.
void redis_client::on_down(std::string_view reason)
{
    result<reply_view> lost = error{"out of memory"};
    try {
        reason_ = reason;
        lost = error{reason_};
    } catch (std::bad_alloc const&) {  // then that is why
    }
    while (!pending_.empty()) {
        handler h = std::move(pending_.front().h);
        pending_.pop_front();
        h(lost);
    }
    if (on_state_) on_state_(false, reason_);
    tell_ready(error{reason_});
}

void redis_client::stop()
{
    connection_.stop();
    timer_.cancel();
    on_down("shutting down");
}

// One timer for all commands. Deadlines are in the order of the commands, so only the oldest needs
// watching. A reply does not stop the timer, which would cost a system call each time; when it
// fires it looks at what is oldest then, and mostly goes on waiting.
void redis_client::watch_front()
{
    timer_.expires_at(pending_.front().deadline);
    auto const on_time = [this, alive = std::weak_ptr{alive_}](error_code const&) {
        if (!alive.expired()) on_timer();
    };
    // No timer, no deadline: a late reply would never be noticed.
    until_memory([&] { timer_.async_wait(on_time); });
    watching_ = true;
}

void redis_client::on_timer()
{
    watching_ = false;
    if (pending_.empty()) return;
    if (clock::now() < pending_.front().deadline) return watch_front();
    connection_.drop(fmt::format("Redis at {} has not answered within {} ms",
                                 options().address.to_string(), limits_.reply_within.count()));
}

}  // namespace notify::redis
