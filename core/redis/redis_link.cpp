// SPDX-License-Identifier: MIT
#include "redis/redis_link.hpp"

#include "base/give_back.hpp"
#include "base/random.hpp"
#include "redis/lost_redis.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace notify::redis {

namespace {

constexpr std::size_t read_size = 256 * 1024;

// What the output strings keep between writes; a larger burst is given back.
constexpr std::size_t keep = 1u << 20;

// How long a TLS handshake may make no progress before it is asked why.
constexpr std::chrono::milliseconds patience_with_tls{500};

// A timer this late says that we were stopped, not Redis.
constexpr std::chrono::milliseconds late{1000};

// Errors that PING can answer on a connection that is otherwise in use, beside
// those of a wrong server: SUBSCRIBE never gets them, so in a subscriber they are ours.
bool is_error_of_ping(reply_view r)
{
    if (!r.is_error()) return false;
    auto const text = r.text();
    return text.starts_with("MISCONF ") ||
           (text.starts_with("NOPERM ") && text.find("'ping'") != text.npos);
}

}  // namespace

redis_link::redis_link(net::any_io_executor const& executor, redis_options const& options,
                       redis_policy const& policy, redis_connection::owner& o)
    : options_{options},
      policy_{policy},
      owner_{&o},
      stream_{executor},
      reader_{reply_reader::default_limit, policy.max_message},
      handshake_{options, policy.client_name},
      timer_{executor},
      token_{random_id()}
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
    if (options_.address.how == stream_address::kind::tls) probe_for_plain();
    auto const connected = co_await stream_.connect(options_.address, policy_.connect_within);
    if (!connected) end("Redis: " + connected.error().message);
    if (ended_) co_return;

    if (probe_) probe_->end();
    arm(deadline);
    pending_ += handshake_.take_commands();
    request_flush();
    std::unique_ptr<char[]> const buffer{new char[read_size]};
    while (!ended_) {
        error_code ec;
        auto const n = co_await stream_.async_read_some(
            net::buffer(buffer.get(), read_size), net::redirect_error(net::use_awaitable, ec));
        if (ec)
            end(why_lost(options_.address, ec, heard_));
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
    if (probe_) probe_->end();
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

void redis_link::probe_for_plain()
{
    probe_ = std::make_shared<plain_probe>(timer_.get_executor());
    probe_->begin(options_.address, std::min(policy_.connect_within / 4, patience_with_tls),
                  [this] {
                      end(fmt::format("Redis at {} does not speak TLS: write redis:// in place "
                                      "of rediss://",
                                      at()));
                  });
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
    if (!std::exchange(heard_, true) && is_tls_alert(bytes)) return end(says_tls(options_.address));
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
    if (!wrong_server_.empty() && !ended_) {
        met_wrong_server_ = true;
        end(std::move(wrong_server_));
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
        if (auto why = handshake_.on_reply(r); !why.empty()) return end(std::move(why));
        if (handshake_.done()) go_up();
        return;
    }
    if (is_pong(r)) return on_pong(r);
    if (is_wrong_server(r)) on_wrong_server(quoted_error(r));
    if (policy_.subscriber && !wrong_server_.empty()) return;
    if (!policy_.subscriber) {
        if (replies_due_ == 0)
            return end(fmt::format("Redis at {} sent a reply that nobody asked for", at()));
        --replies_due_;
        if (pong_due_) --replies_before_pong_;
    }
    if (owner_) owner_->on_reply(r);
}

// Whoever waits for a reply of what was read is told it; then the link ends.
void redis_link::on_wrong_server(std::string_view says)
{
    if (wrong_server_.empty())
        wrong_server_ = fmt::format("Redis at {} is not the one to ask any more: {}", at(), says);
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

void redis_link::on_pong(reply_view r)
{
    pong_due_ = false;
    if (is_wrong_server(r)) return on_wrong_server(quoted_error(r));
    server_facts& server = handshake_.server();
    if (policy_.subscriber || !server.tells_role) return;
    learn_role(server, r);
    if (auto const why = unfit(server); !why.empty()) on_wrong_server(fmt::format("it {}", why));
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
        ask_for_pong();
        arm(now + policy_.pong_within);
    }
}

// In place of PING, where nothing is subscribed to: what is alive may have become
// a replica since, as after a failover, and nobody need have written to it to see.
// It costs as little. A Redis that refuses ROLE says READONLY to the first writer.
void redis_link::ask_for_pong()
{
    std::string_view const ping[] = {"PING", {token_.data(), token_.size()}};
    std::string_view const role[] = {"ROLE"};
    if (!policy_.subscriber && server().tells_role)
        command(role);
    else
        command(ping);
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
