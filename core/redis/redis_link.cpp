// SPDX-License-Identifier: MIT
#include "redis/redis_link.hpp"

#include "base/give_back.hpp"
#include "base/random.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

namespace notify::redis {

namespace {

constexpr std::size_t read_size = 256 * 1024;

// What the output strings keep between writes; a larger burst is given back.
constexpr std::size_t keep = 1u << 20;

// A timer this late says that we were stopped, not Redis.
constexpr std::chrono::milliseconds late{1000};

bool is_status(reply_view r, std::string_view text)
{
    return r.type() == reply_type::status && r.text() == text;
}

// Errors that PING can answer on a connection that is otherwise in use:
// SUBSCRIBE never gets them, so in a subscriber they are ours.
bool is_error_of_ping(reply_view r)
{
    if (!r.is_error()) return false;
    auto const text = r.text();
    return text.starts_with("LOADING ") || text.starts_with("MASTERDOWN ") ||
           text.starts_with("MISCONF ") ||
           (text.starts_with("NOPERM ") && text.find("'ping'") != text.npos);
}

}  // namespace

redis_link::redis_link(net::any_io_executor const& executor, redis_options const& options,
                       redis_policy const& policy, redis_connection::owner& o)
    : options_(options),
      policy_(policy),
      owner_(&o),
      stream_(executor),
      timer_(executor),
      token_(random_id())
{
}

net::awaitable<std::string> redis_link::run()
{
    auto const self = shared_from_this();
    try {
        co_await live();
    } catch (std::exception const& e) {
        end(e.what());
    }
    co_return std::move(reason_);
}

net::awaitable<void> redis_link::live()
{
    auto const deadline = clock::now() + policy_.connect_within;
    auto const connected = co_await stream_.connect(options_.address, policy_.connect_within);
    if (!connected) end("Redis: " + connected.error().message);
    if (ended_) co_return;

    arm(deadline);
    begin_handshake();
    std::unique_ptr<char[]> const buffer{new char[read_size]};
    while (!ended_) {
        error_code ec;
        auto const n = co_await stream_.async_read_some(
            net::buffer(buffer.get(), read_size), net::redirect_error(net::use_awaitable, ec));
        if (ec == net::error::eof)
            end(fmt::format("Redis at {} closed the connection", at()));
        else if (ec)
            end(fmt::format("the connection to Redis at {} was lost: {}", at(), ec.message()));
        else
            on_bytes({buffer.get(), n});
    }
}

void redis_link::end(std::string reason) noexcept
{
    if (ended_) return;
    ended_ = true;
    reason_ = std::move(reason);
    stream_.close();
    timer_.cancel();
}

void redis_link::abandon()
{
    owner_ = nullptr;
    end("given up");
}

std::chrono::steady_clock::duration redis_link::up_for() const
{
    return up_ ? clock::now() - up_at_ : clock::duration::zero();
}

// ---- handshake ----

// All of it goes out in one write. PING comes last: it is refused while Redis
// is loading, or when it wants a password and we have none.
void redis_link::begin_handshake()
{
    auto const add = [this](step s, std::initializer_list<std::string_view> args) {
        steps_.push_back(s);
        command(std::span{args.begin(), args.size()});
    };
    if (!options_.user.empty())
        add(step::auth, {"AUTH", options_.user, options_.password});
    else if (!options_.password.empty())
        add(step::auth, {"AUTH", options_.password});
    if (options_.db != 0) add(step::select, {"SELECT", std::to_string(options_.db)});
    add(step::set_name, {"CLIENT", "SETNAME", policy_.client_name});
    add(step::ping, {"PING"});
}

void redis_link::on_handshake_reply(step s, reply_view r)
{
    auto const text = r.text();
    auto const refused = [&](std::string_view what) {
        end(fmt::format("Redis at {} {}: {}", at(), what, quoted_error(r)));
    };
    if (r.is_error() && text.starts_with("NOAUTH"))
        return end(fmt::format("Redis at {} wants a password", at()));
    switch (s) {
    case step::auth:
        if (is_status(r, "OK")) return;
        if (text.find("without any password configured") != text.npos)
            return end(fmt::format("Redis at {} has no password set, but one was given", at()));
        if (text.starts_with("WRONGPASS") || text.find("invalid password") != text.npos)
            return end(fmt::format("wrong {} for Redis at {}",
                                   options_.user.empty() ? "password" : "user or password", at()));
        return refused("refused to log us in");
    case step::select:
        if (is_status(r, "OK")) return;
        return refused(fmt::format("refused database {}", options_.db));
    case step::set_name: return;  // a name is a courtesy
    case step::ping:
        if (r.is_error() && text.starts_with("LOADING"))
            return end(fmt::format("Redis at {} is still loading its data", at()));
        if (r.is_error() && text.starts_with("MASTERDOWN"))
            return end(fmt::format("Redis at {} is a replica that has lost its master", at()));
        if (r.is_error() || is_status(r, "PONG")) return;  // MISCONF, NOPERM: not about us
        return refused("answered PING with nonsense");
    }
}

void redis_link::go_up()
{
    up_ = true;
    up_at_ = last_read_;
    arm(last_read_ + policy_.ping_after);
    if (owner_) owner_->on_up();
}

// ---- reading ----

void redis_link::on_bytes(std::string_view bytes)
{
    last_read_ = clock::now();
    reader_.feed(bytes);
    while (!ended_) {
        if (up_ && policy_.subscriber) tell_messages();
        if (ended_) return;
        auto const r = reader_.next();
        if (!r)
            return end(fmt::format("Redis at {} broke the protocol: {}", at(), r.error().message));
        if (!*r) break;
        on_reply(**r);
    }
    if (up_ && owner_) owner_->on_read_end();
}

void redis_link::tell_messages()
{
    while (owner_ && !ended_) {
        auto const m = reader_.next_message();
        if (!m) return;
        owner_->on_message(*m);
    }
}

void redis_link::on_reply(reply_view r)
{
    if (!up_) {
        on_handshake_reply(steps_[steps_done_], r);
        if (!ended_ && ++steps_done_ == steps_.size()) go_up();
        return;
    }
    if (is_pong(r)) {
        pong_due_ = false;
        return;
    }
    if (!policy_.subscriber) {
        if (replies_due_ == 0)
            return end(fmt::format("Redis at {} sent a reply that nobody asked for", at()));
        --replies_due_;
        if (pong_due_) --replies_before_pong_;
    }
    if (owner_) owner_->on_reply(r);
}

// Where each command has one reply, the pong is known by its place; among
// messages and confirmations, by what it holds.
bool redis_link::is_pong(reply_view r)
{
    if (!pong_due_) return false;
    if (!policy_.subscriber) return replies_before_pong_ == 0;
    std::string_view const token{token_.data(), token_.size()};
    if (r.is_array()) return r.size() == 2 && r[0].text() == "pong" && r[1].text() == token;
    return r.text() == token || is_error_of_ping(r);
}

// ---- the clock ----

void redis_link::arm(time_point when)
{
    timer_.expires_at(when);
    timer_.async_wait([self = shared_from_this()](error_code const& ec) {
        if (!ec && !self->ended_) self->attempt([&] { self->beat(); });
    });
}

void redis_link::beat()
{
    auto const now = clock::now();
    if (!up_)
        return end(fmt::format("no answer from Redis at {} within {} ms", at(),
                               policy_.connect_within.count()));
    if (pong_due_ && last_read_ < ping_sent_) {
        if (now < timer_.expiry() + late)
            return end(fmt::format(
                "Redis at {} has not answered for {} ms", at(),
                std::chrono::duration_cast<std::chrono::milliseconds>(now - ping_sent_).count()));
        ping_sent_ = now;
        arm(now + policy_.pong_within);
    } else if (pong_due_ || now < last_read_ + policy_.ping_after) {
        arm(std::max(now, last_read_) + policy_.ping_after);
    } else {
        pong_due_ = true;
        ping_sent_ = now;
        replies_before_pong_ = replies_due_;
        std::string_view const args[] = {"PING", {token_.data(), token_.size()}};
        command(args);
        arm(now + policy_.pong_within);
    }
}

// ---- writing ----

void redis_link::send(std::span<std::string_view const> args) noexcept
{
    if (!up()) return;
    ++replies_due_;
    attempt([&] { command(args); });
}

void redis_link::command(std::span<std::string_view const> args)
{
    append_command(pending_, args);
    if (pending_.size() + writing_.size() > policy_.output_limit)
        return end(fmt::format("Redis at {} does not read: {} bytes wait for it", at(),
                               pending_.size() + writing_.size()));
    request_flush();
}

void redis_link::request_flush()
{
    if (flush_posted_ || write_under_way_) return;
    flush_posted_ = true;
    net::post(stream_.get_executor(), [self = shared_from_this()] {
        self->flush_posted_ = false;
        self->attempt([&] { self->flush(); });
    });
}

void redis_link::flush()
{
    if (ended_ || write_under_way_ || pending_.empty()) return;
    write_under_way_ = true;
    std::swap(pending_, writing_);
    net::async_write(stream_, net::buffer(writing_),
                     [self = shared_from_this()](error_code const& ec, std::size_t) {
                         self->write_under_way_ = false;
                         self->writing_.clear();
                         if (self->writing_.capacity() > keep) give_back(self->writing_);
                         // The reader meets the same end, and may still have
                         // read why: what Redis said before it closed.
                         if (!ec) self->attempt([&] { self->flush(); });
                     });
}

}  // namespace notify::redis
