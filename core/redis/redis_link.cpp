// SPDX-License-Identifier: MIT
#include "redis/redis_link.hpp"

#include "base/give_back.hpp"
#include "base/random.hpp"
#include "redis/lost_redis.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace notify::redis {

namespace {

// One read takes what a burst has brought, up to this: fewer system calls, and sessions are flushed
// once for all of it. The buffer is one per connection, so two per shard.
constexpr std::size_t read_size = 256 * 1024;

// Capacity that the output strings keep between writes. After a larger burst it is given back.
constexpr std::size_t keep = 1u << 20;

// How long a TLS handshake may take before the server is asked whether it speaks plain Redis. A
// handshake that works is faster in nearly all networks, and a needless question is harmless.
constexpr std::chrono::milliseconds patience_with_tls{500};

// A timer that fires this late says that this process was stopped (SIGSTOP, a suspended machine),
// and says nothing about Redis.
constexpr std::chrono::milliseconds late{1000};

// Errors that PING may be answered with on a connection that works otherwise, beside those of a
// wrong server: MISCONF when Redis cannot save, NOPERM when the ACL forbids PING. SUBSCRIBE is
// never answered with either for `'ping'`, so on a subscriber's connection they are our pong.
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

// The buffer is made when the handshake begins, not with the link: a server that is away costs no
// 256 KB. A failed read ends the link, whatever its reason.
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
        auto const [ec, n] =
            co_await stream_.async_read_some(net::buffer(buffer.get(), read_size), as_result);
        if (ec)
            end(why_lost(options_.address, ec, heard_));
        else
            on_bytes({buffer.get(), n});
    }
}

// Closing the stream ends the read that run() waits for. Nothing else is destroyed here, since the
// caller may be anywhere in this class.
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

// end() and a successful connect() stop the probe, so `this` is alive whenever its handler runs.
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

// Tells all that one read has brought. Messages are looked for in place first; what is not one of
// them goes through hiredis, one reply at a time, and then messages are looked for again. A wrong
// server ends the link only after the whole read: those whose replies are in it get them.
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

// Until up, replies belong to the handshake. Then a reply is our pong or the owner's; an error that
// says "wrong server" may be in either, and is remembered.
void redis_link::on_reply(reply_view r)
{
    if (!up_) {
        if (auto why = handshake_.on_reply(r); !why.empty()) return end(std::move(why));
        if (handshake_.done()) go_up();
        return;
    }
    if (is_pong(r)) return on_pong(r);
    if (is_wrong_server(r)) on_wrong_server(quoted_error(r));
    // Such an error refuses no single channel; the link ends and all are asked for anew.
    if (policy_.subscriber && !wrong_server_.empty()) return;
    if (!policy_.subscriber) {
        if (replies_due_ == 0)
            return end(fmt::format("Redis at {} sent a reply that nobody asked for", at()));
        --replies_due_;
        if (pong_due_) --replies_before_pong_;
    }
    if (owner_) owner_->on_reply(r);
}

// Only remembers it: on_bytes() ends the link when the rest of the read has been told.
void redis_link::on_wrong_server(std::string_view says)
{
    if (wrong_server_.empty())
        wrong_server_ = fmt::format("Redis at {} is not the one to ask any more: {}", at(), says);
}

// Among commands each of which has one reply, the pong is known by its place. Among messages and
// confirmations it is known by its token: Redis answers PING with `["pong", token]` while anything
// is subscribed to, and with the token alone while nothing is.
bool redis_link::is_pong(reply_view r)
{
    if (!pong_due_) return false;
    if (!policy_.subscriber) return replies_before_pong_ == 0;
    std::string_view const token{token_.data(), token_.size()};
    if (r.is_array()) return r.size() == 2 && r[0].text() == "pong" && r[1].text() == token;
    return r.text() == token || is_error_of_ping(r);
}

// The reply to PING is of no further interest, the reply to ROLE is: a master may have become a
// replica while the connection stayed open.
void redis_link::on_pong(reply_view r)
{
    pong_due_ = false;
    if (is_wrong_server(r)) return on_wrong_server(quoted_error(r));
    server_facts& server = handshake_.server();
    if (!asks_role()) return;
    learn_role(server, r);
    if (auto const why = unfit(server); !why.empty()) on_wrong_server(fmt::format("it {}", why));
}

// ---- the clock ----

// The handler shares ownership, and finds ended_ set if the link has ended meanwhile.
void redis_link::arm(time_point when)
{
    timer_.expires_at(when);
    timer_.async_wait([self = shared_from_this()](error_code const& ec) {
        if (!ec && !self->ended_) self->attempt([&] { self->beat(); });
    });
}

// One timer does three things, by the state that it finds:
//
// - not up: the handshake took too long;
// - a pong is due and not a byte has come since: Redis is frozen, unless we were stopped ourselves,
//   in which case the wait begins anew;
// - otherwise: ask for a pong if nothing was heard for ping_after, or look again later. A read sets
//   no timer; it only notes the time, which costs nothing. Where the pong is a ROLE, it is asked
//   for whatever was heard: a server that is a replica now answers most commands as before.
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
    } else if (auto const since = asks_role() ? ping_sent_ : last_read_;
               pong_due_ || now < since + policy_.ping_after) {
        arm(std::max(now, since) + policy_.ping_after);
    } else {
        pong_due_ = true;
        ping_sent_ = now;
        replies_before_pong_ = replies_due_;
        ask_for_pong();
        arm(now + policy_.pong_within);
    }
}

// ROLE takes the place of PING where nothing is subscribed to. A server that is alive may have
// become a replica in a failover, and without a write nobody would notice. It costs as little as
// PING. If the ACL forbids ROLE, it is PING, and the first write says READONLY.
void redis_link::ask_for_pong()
{
    std::string_view const ping[] = {"PING", {token_.data(), token_.size()}};
    std::string_view const role[] = {"ROLE"};
    if (asks_role())
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

// Checked after it was appended: one command more than the limit is in memory at most.
void redis_link::command(std::span<std::string_view const> args)
{
    append_command(pending_, args);
    if (pending_.size() + writing_.size() > policy_.output_limit)
        return end(fmt::format("Redis at {} does not read: {} bytes wait for it", at(),
                               pending_.size() + writing_.size()));
    request_flush();
}

// Posted: what else is sent in this turn joins the write. While a write is under way nothing is
// posted, since its handler flushes.
void redis_link::request_flush()
{
    if (flush_posted_ || write_under_way_) return;
    flush_posted_ = true;
    net::post(stream_.get_executor(), [self = shared_from_this()] {
        self->flush_posted_ = false;
        self->attempt([&] { self->flush(); });
    });
}

// The two strings change places, so the new one fills into memory that an earlier write has left.
void redis_link::flush()
{
    if (ended_ || write_under_way_ || pending_.empty()) return;
    write_under_way_ = true;
    std::swap(pending_, writing_);
    net::async_write(stream_, net::buffer(writing_),
                     [self = shared_from_this()](error_code const& ec, std::size_t) {
                         // A failed write does not end the link. The reader meets the same end, and
                         // may still have to read what Redis said before it closed, which is the
                         // better reason.
                         self->write_under_way_ = false;
                         self->writing_.clear();
                         if (self->writing_.capacity() > keep) give_back(self->writing_);
                         if (!ec) self->attempt([&] { self->flush(); });
                     });
}

}  // namespace notify::redis
