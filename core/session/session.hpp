// SPDX-License-Identifier: MIT
//
// One Engine.IO session: a client, whatever its wire is at the moment and
// whichever version of the protocol it speaks. It keeps the heartbeat, queues
// what is to be sent, and moves from polling to WebSocket without losing,
// doubling or reordering a packet.
//
// Belongs to one shard. Counted: the session table holds a reference until the
// session ends, a transport while it reads.
//
// Hundreds of thousands of these are idle at a time, so it is small on purpose:
// at most 208 bytes (asserted in session.cpp), and what only some sessions need
// (the request's headers, a probe of an upgrade) is a pointer.
//
// Invariants:
//  1. Packets leave in the order of send(), through one transport at a time.
//  2. Nothing below calls up during send(): a session that cannot take more is
//     closed when the shard flushes, so a fan-out may walk its list in peace.
//  3. on_close() is the last call that a handler gets, and it gets it once.
#pragma once

#include "base/quota.hpp"
#include "base/random.hpp"
#include "base/timer_wheel.hpp"
#include "protocol/engine_dialect.hpp"
#include "protocol/engine_packet.hpp"
#include "protocol/frame.hpp"
#include "session/close_reason.hpp"
#include "session/handshake.hpp"
#include "session/outbox.hpp"
#include "session/transport.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace notify::eio {

class session;
struct session_context;

// What an application does with a session. Owned by the session.
class session_handler {
public:
    virtual ~session_handler() = default;
    // The session is in its handler's hands now; the first call.
    virtual void on_open() {}
    virtual void on_text(std::string_view message) = 0;
    virtual void on_binary(std::string_view message) = 0;
    // The deadline set with session::set_deadline has passed.
    virtual void on_deadline() {}
    virtual void on_close(close_reason reason) = 0;
};

// Links a session into its shard's flush queue.
using flush_hook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<class flush_queue>,
                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

class session final : public boost::intrusive_ref_counter<session, boost::thread_unsafe_counter>,
                      public flush_hook,
                      private timer {
public:
    // place: one of the context's capacity::sessions, given back when the session is
    // destroyed. REQUIRES: context outlives the session.
    session(session_context& context, quota_share place, url_safe_id const& id,
            boost::intrusive_ptr<transport> wire, std::unique_ptr<handshake> request,
            dialect speaks = {});
    ~session();

    [[nodiscard]] std::string_view id() const { return {id_.data(), id_.size()}; }
    [[nodiscard]] session_context& context() const { return context_; }
    [[nodiscard]] handshake const& request() const;
    [[nodiscard]] dialect speaks() const { return dialect_; }
    [[nodiscard]] bool open() const { return state_ == state::open; }
    [[nodiscard]] bool ended() const { return state_ == state::closed; }

    // --- for the application ---

    // Gives the session to its handler and starts the heartbeat.
    void start(std::unique_ptr<session_handler> handler);

    // Queues an Engine.IO packet. Ignored when the session has ended; where there
    // is no memory for it the session ends, since its client would miss something.
    void send(frame f) noexcept;

    // Ends the session. May be called from anywhere but a fan-out (subscriber.hpp).
    void close(close_reason reason);

    // Ends it with the next flush; may be called from anywhere. Until then it
    // takes no more to send.
    void close_soon(close_reason reason) noexcept;

    // Does f for this session. If that throws, the session ends and nobody else
    // notices. Wraps whatever is done for one client by those who serve many.
    template <class F>
    void attempt(F&& f) noexcept
    {
        try {
            std::forward<F>(f)();
        } catch (std::exception const& e) {
            fail(e);
        }
    }

    // Ends it with the next flush (internal_error): what it needs could not be
    // done, for want of memory, or it is a bug.
    void fail(std::exception const& why) noexcept;

    // Has on_deadline() called once, in this time. A new deadline replaces it;
    // ignored when the session has ended.
    void set_deadline(milliseconds in);
    void clear_deadline() { deadline_ = 0; }

    // --- for the transports ---

    // A request has come for it. One over polling that gets none soon after its
    // handshake ends (no_poll): who began it has gone, or means no good.
    void on_request();

    // A packet has come over wire.
    void on_packet(transport& wire, packet const& p);

    // The wire has ended by itself. Ends the session if it is its current one.
    void on_transport_end(transport& wire, close_reason reason);

    // A WebSocket wants to take over from polling: true if it may try, and may
    // then give its packets to on_packet.
    [[nodiscard]] bool try_upgrade(boost::intrusive_ptr<transport> candidate);

    // A candidate has its `3probe`: no GET may wait, since the client waits for the
    // end of its GET before it goes on. A candidate that has said nothing yet is no
    // reason: polling would go round and round where a proxy holds frames back.
    [[nodiscard]] bool upgrading() const { return candidate_ != nullptr && probed_; }

    [[nodiscard]] bool carried_by(transport const& wire) const { return wire_ == &wire; }
    [[nodiscard]] transport& wire() const { return *wire_; }
    [[nodiscard]] outbox& queue() { return outbox_; }

    // --- for the shard's flush queue ---
    void flush();

private:
    enum class state : std::uint8_t { open, closing, closed };

    void on_timer(time_ms now) noexcept override;
    void on_due(time_ms now);
    void rearm();
    void begin_heartbeat();
    void beat_in(milliseconds in);
    void expect_ping();
    void extend_pong_wait();
    void on_current_packet(packet const& p);
    void on_ping(std::string_view data);
    void on_probe_packet(packet const& p);
    void abandon_upgrade(close_reason reason);
    void finish_upgrade();

    session_context& context_;
    boost::intrusive_ptr<transport> wire_;
    boost::intrusive_ptr<transport> candidate_;  // probing to take over, or null
    std::unique_ptr<session_handler> handler_;
    std::unique_ptr<handshake> request_;
    outbox outbox_;
    time_ms heartbeat_ = 0;  // the next ping is due, or the client's next word at the latest
    time_ms deadline_ = 0;   // of the application; 0: none
    time_ms upgrade_deadline_ = 0;
    url_safe_id id_;
    dialect const dialect_;
    state state_ = state::open;
    close_reason ending_{};        // why, while closing
    bool awaits_request_ = false;  // the first after its handshake
    bool awaits_pong_ = false;     // or, in protocol 3, the client's next ping
    bool pong_extended_ = false;   // the wait for this pong
    bool probed_ = false;          // the candidate has sent its probe
};

}  // namespace notify::eio
