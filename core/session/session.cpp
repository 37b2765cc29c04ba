// SPDX-License-Identifier: MIT
#include "session/session.hpp"

#include "session/session_context.hpp"

#include <algorithm>
#include <utility>

namespace notify::eio {

static_assert(sizeof(session) <= 208, "idle sessions are many: keep them small");

session::session(session_context& context, quota_share place, url_safe_id const& id,
                 boost::intrusive_ptr<transport> wire, std::unique_ptr<handshake> request,
                 dialect speaks)
    : context_{context},
      wire_{std::move(wire)},
      request_{std::move(request)},
      id_{id},
      dialect_{speaks}
{
    place.release();
}

session::~session() { context_.capacity.sessions.give_back(); }

handshake const& session::request() const
{
    static handshake const nothing;
    return request_ ? *request_ : nothing;
}

void session::start(std::unique_ptr<session_handler> handler)
{
    handler_ = std::move(handler);
    awaits_request_ = wire_->kind() == transport_kind::polling;
    engine_options const& o = context_.options;
    if (awaits_request_)
        beat_in(std::min(o.first_poll_timeout, o.ping_interval + o.ping_timeout));
    else
        begin_heartbeat();
    handler_->on_open();
}

void session::on_request()
{
    if (std::exchange(awaits_request_, false)) begin_heartbeat();
}

void session::begin_heartbeat()
{
    if (dialect_.is_v3()) {
        expect_ping();
    } else {
        // Sessions that begin together, as after a restart, are pinged apart: the
        // first ping comes early, by a sixth to a half of an interval. So it is never
        // late, though a sweep may be.
        milliseconds const interval = context_.options.ping_interval;
        auto const third = static_cast<std::uint32_t>(interval.count()) / 3;
        beat_in(interval - interval / 6 - milliseconds{random_below(third + 1)});
    }
}

// In protocol 3 the client pings, and is given up when it has not for so long.
void session::expect_ping()
{
    awaits_pong_ = true;
    pong_extended_ = true;  // nothing but a ping counts
    // A sweep may be a tick late, and a client that counts by itself is not to be
    // answered when its time is over.
    beat_in(context_.options.ping_interval + context_.options.ping_timeout - context_.clock.tick());
}

void session::send(frame f) noexcept
{
    if (!open()) return;
    attempt([&] {
        if (f.is_binary()) f = in_dialect(std::move(f), dialect_);
        if (!outbox_.try_push(std::move(f), context_.options.max_queue))
            return close_soon(close_reason::slow_reader);
        context_.flushes.add(*this);
    });
}

void session::fail(std::exception const& why) noexcept
{
    if (!open()) return;
    try {
        context_.newest_error = why.what();
    } catch (std::exception const&) {  // no memory for that either
    }
    close_soon(close_reason::internal_error);
}

void session::close_soon(close_reason reason) noexcept
{
    if (!open()) return;
    state_ = state::closing;
    ending_ = reason;
    context_.flushes.add(*this);
}

void session::flush()
{
    if (state_ == state::closing) return close(ending_);
    if (open() && !outbox_.empty()) wire_->flush();
}

void session::close(close_reason reason)
{
    if (state_ == state::closed) return;
    boost::intrusive_ptr<session> const keep{this};
    state_ = state::closed;
    disarm();
    context_.sessions.erase(*this);
    context_.closed.add(reason);
    abandon_upgrade(reason);
    wire_->end(reason);
    outbox_.clear();
    if (handler_) handler_->on_close(reason);
}

void session::beat_in(milliseconds in)
{
    heartbeat_ = context_.clock.after(in);
    rearm();
}

void session::set_deadline(milliseconds in)
{
    if (state_ == state::closed) return;
    deadline_ = context_.clock.after(in);
    rearm();
}

void session::rearm()
{
    time_ms due = heartbeat_;
    if (deadline_ != 0) due = std::min(due, deadline_);
    if (upgrade_deadline_ != 0) due = std::min(due, upgrade_deadline_);
    context_.clock.arm_at(*this, due);
}

void session::on_timer(time_ms now) noexcept
{
    boost::intrusive_ptr<session> const keep{this};
    attempt([&] { on_due(now); });
}

void session::on_due(time_ms now)
{
    if (upgrade_deadline_ != 0 && now >= upgrade_deadline_)
        abandon_upgrade(close_reason::upgrade_timeout);
    if (deadline_ != 0 && now >= deadline_) {
        deadline_ = 0;
        handler_->on_deadline();
    }
    if (state_ == state::closed) return;
    if (now >= heartbeat_) {
        if (awaits_request_) return close(close_reason::no_poll);
        if (awaits_pong_) return close(close_reason::ping_timeout);
        awaits_pong_ = true;
        pong_extended_ = false;
        send(context_.ping);
        return beat_in(context_.options.ping_timeout);
    }
    rearm();
}

void session::on_packet(transport& wire, packet const& p)
{
    if (state_ == state::closed) return;
    boost::intrusive_ptr<session> const keep{this};
    if (carried_by(wire))
        on_current_packet(p);
    else if (candidate_ == &wire)
        on_probe_packet(p);
}

// Whoever sends is alive, though its pong may be stuck behind what it sends: once
// for each ping it gets the time again, as the reference server has it.
void session::extend_pong_wait()
{
    if (!awaits_pong_ || pong_extended_) return;
    pong_extended_ = true;
    beat_in(context_.options.ping_timeout);
}

void session::on_current_packet(packet const& p)
{
    if (p.type != packet_type::pong) extend_pong_wait();
    switch (p.type) {
    case packet_type::message:
        return p.is_binary ? handler_->on_binary(p.data) : handler_->on_text(p.data);
    case packet_type::pong:
        if (dialect_.is_v3()) return close(close_reason::parse_error);
        if (!awaits_pong_) return;
        awaits_pong_ = false;
        return beat_in(context_.options.ping_interval);
    case packet_type::close: return close(close_reason::client_closed);
    case packet_type::ping: return on_ping(p.data);
    // Out of place and harmless: passed over, as the reference server does.
    case packet_type::open:
    case packet_type::upgrade:
    case packet_type::noop: return;
    }
}

// One side alone pings: in protocol 4 the server, in 3 the client.
void session::on_ping(std::string_view data)
{
    if (!dialect_.is_v3()) return close(close_reason::parse_error);
    std::string pong{'3'};
    pong += data;
    send(frame::text(pong));
    expect_ping();
}

bool session::try_upgrade(boost::intrusive_ptr<transport> candidate)
{
    if (!open() || candidate_ || wire_->kind() != transport_kind::polling) return false;
    candidate_ = std::move(candidate);
    probed_ = false;
    upgrade_deadline_ = context_.clock.after(context_.options.upgrade_timeout);
    rearm();
    return true;
}

// The client sends `2probe`, is answered `3probe`, waits until its polling GET
// has ended, and sends `5` (docs/protocol.md, Engine.IO 4).
void session::on_probe_packet(packet const& p)
{
    if (p.type == packet_type::ping && p.data == "probe" && !probed_) {
        probed_ = true;
        candidate_->flush();  // a probing wire has one thing to say: `3probe`
        wire_->yield();
    } else if (p.type == packet_type::upgrade && probed_) {
        finish_upgrade();
    } else {
        abandon_upgrade(close_reason::parse_error);
    }
}

void session::finish_upgrade()
{
    upgrade_deadline_ = 0;
    boost::intrusive_ptr<transport> const old = std::move(wire_);
    wire_ = std::move(candidate_);
    old->yield();
    if (!outbox_.empty()) context_.flushes.add(*this);
}

void session::abandon_upgrade(close_reason reason)
{
    upgrade_deadline_ = 0;
    if (auto const candidate = std::move(candidate_)) candidate->end(reason);
}

void session::on_transport_end(transport& wire, close_reason reason)
{
    if (carried_by(wire)) return close(reason);
    if (candidate_ == &wire) {
        upgrade_deadline_ = 0;
        candidate_ = nullptr;
    }
}

}  // namespace notify::eio
