// SPDX-License-Identifier: MIT
#include "session/session.hpp"

#include "session/session_context.hpp"

#include <algorithm>
#include <utility>

namespace notify::eio {

static_assert(sizeof(session) <= 208, "idle sessions are many: keep them small");

// The share of capacity is released and given back by the destructor: a quota_share would take
// another eight bytes of every session.
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

// One empty handshake stands in for all that keep nothing.
handshake const& session::request() const
{
    static handshake const nothing;
    return request_ ? *request_ : nothing;
}

// A session over polling has no heartbeat until its client comes back with a request: a ping would
// only wait in its outbox.
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
        // Sessions that begin together, as after a restart, are pinged apart: the first ping comes
        // early by a sixth to a half of an interval. Early and never late, since a client that
        // counts by itself (ping_interval + ping_timeout without a ping) closes the connection, and
        // a tick may be late.
        milliseconds const interval = context_.options.ping_interval;
        auto const third = static_cast<std::uint32_t>(interval.count()) / 3;
        beat_in(interval - interval / 6 - milliseconds{random_below(third + 1)});
    }
}

// In protocol 3 the client pings. It is given up when it has not for ping_interval + ping_timeout,
// whatever else it sends.
void session::expect_ping()
{
    awaits_pong_ = true;
    pong_extended_ = true;  // nothing but a ping counts
    // A timer may fire a tick late. A client that counts by itself closes after that time, and a
    // ping that comes then should find no session rather than an answer.
    beat_in(context_.options.ping_interval + context_.options.ping_timeout - context_.clock.tick());
}

// Converting a binary frame takes memory; text, which nearly all frames are, is shared as it is.
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
    } catch (std::exception const&) {  // no memory for the text: the session ends all the same
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

// The order matters. The session is closed and out of the table before anything is called, so that
// a handler or transport that calls back finds it so. The candidate ends before the wire. The wire
// sends what is queued before the outbox is cleared. The handler comes last: it may release the
// last reference but `keep`.
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

// One timer for three deadlines: 208 bytes have no room for three. It is armed for the earliest.
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

// The timer may fire for a deadline that was cleared or moved: then it is armed again.
void session::on_due(time_ms now)
{
    if (upgrade_deadline_ != 0 && now >= upgrade_deadline_)
        abandon_upgrade(close_reason::upgrade_timeout);
    if (deadline_ != 0 && now >= deadline_) {
        deadline_ = 0;
        handler_->on_deadline();
    }
    if (state_ == state::closed) return;
    // The heartbeat is due. It waits for one of three things: a first request, a pong (in protocol
    // 3, the client's ping), or the time of the next ping.
    if (now >= heartbeat_) {
        if (awaits_request_) return close(close_reason::no_poll);
        if (awaits_pong_) return close(close_reason::ping_timeout);
        awaits_pong_ = true;
        pong_extended_ = false;
        handler_->on_ping();
        send(context_.ping);
        return beat_in(context_.options.ping_timeout);
    }
    rearm();
}

// From the current wire, or from one that probes. A wire that was left during an upgrade, or whose
// probe was given up, may still bring packets; they are dropped.
void session::on_packet(transport& wire, packet const& p)
{
    if (state_ == state::closed) return;
    boost::intrusive_ptr<session> const keep{this};
    if (carried_by(wire))
        on_current_packet(p);
    else if (candidate_ == &wire)
        on_probe_packet(p);
}

// A client that sends is alive, but its pong may be stuck behind what it sends (a large upload).
// Once per ping it gets the time again, as with the reference server.
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
    // A client should not send these; they do no harm. The reference server passes them over too.
    case packet_type::open:
    case packet_type::upgrade:
    case packet_type::noop: return;
    }
}

// Only one side pings: the server in protocol 4, the client in protocol 3, who gets its own data
// back.
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

// The steps of an upgrade (session.hpp). Anything but the expected packet gives the upgrade up, not
// the session: polling still works.
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

// wire_ is exchanged before the old wire yields: a GET that still waits is answered with a noop and
// gets nothing of the queue, which now leaves by the WebSocket.
void session::finish_upgrade()
{
    upgrade_deadline_ = 0;
    boost::intrusive_ptr<transport> const old = std::move(wire_);
    wire_ = std::move(candidate_);
    old->yield();
    if (!outbox_.empty()) context_.flushes.add(*this);
}

// Also called when there is no candidate. It is taken out first, since its end may call back.
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
