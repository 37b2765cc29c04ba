// SPDX-License-Identifier: MIT
//
// One Engine.IO session: a client, whatever its wire is at the moment and whichever version of the
// protocol it speaks (docs/protocol.md, Engine.IO 4 and Engine.IO 3). It keeps the heartbeat,
// queues what is to be sent, and moves from polling to WebSocket without losing, doubling or
// reordering a packet.
//
// Below it is a transport, which gives it packets and takes frames from its outbox. Above it is a
// session_handler, in the gateway socketio/connection. The session knows neither HTTP nor
// Socket.IO, and time is the shard's clock, so all of it is tested without a socket.
//
// An upgrade. The session is carried by a polling transport (wire_) when a WebSocket comes with its
// id and becomes the candidate:
//
//     client, on the WebSocket   2probe     session: 3probe on it; ends a waiting GET (yield)
//     client, after its GET      5          session: the candidate becomes wire_
//     anything else, or too late            session: ends the candidate; polling goes on
//
// Frames stay in the one outbox throughout, so there is nothing to move between the wires.
//
// Belongs to one shard. Counted by reference: the session table holds one until the session ends, a
// transport another while it reads. Hundreds of thousands are idle at a time, so it is small on
// purpose: at most 208 bytes (asserted in session.cpp), with one timer for all deadlines, and a
// pointer for what only some sessions have.
//
// Invariants:
//  1. Packets leave in the order of send(), through one transport at a time.
//  2. Nothing below calls up during send(): a session that cannot take more is closed by the next
//     flush, so a fan-out may walk its list in peace.
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

// What an application does with a session. Owned by the session; called on its thread. Each
// function may send, set a deadline and close the session. Views are valid during the call.
class session_handler {
public:
    virtual ~session_handler() = default;
    // The first call: the session may be used now.
    virtual void on_open() {}
    // A message. Text is valid UTF-8. At most max_payload bytes.
    virtual void on_text(std::string_view message) = 0;
    virtual void on_binary(std::string_view message) = 0;
    // The deadline of session::set_deadline() has passed.
    virtual void on_deadline() {}
    // A ping is about to be queued; what is sent now leaves in the same write. Must not close the
    // session.
    virtual void on_ping() {}
    // The session has ended; nothing that is sent from now on goes anywhere.
    virtual void on_close(close_reason reason) = 0;
};

// Links a session into its shard's flush queue, and unlinks it when it is destroyed.
using flush_hook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<class flush_queue>,
                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

class session final : public boost::intrusive_ref_counter<session, boost::thread_unsafe_counter>,
                      public flush_hook,
                      private timer {
public:
    // Does nothing yet; start() does. place: one of context.capacity.sessions, taken by the caller;
    // the session gives it back when it is destroyed. id: unique among all shards, and a secret.
    // request: null if nothing is kept. REQUIRES: context outlives the session.
    session(session_context& context, quota_share place, url_safe_id const& id,
            boost::intrusive_ptr<transport> wire, std::unique_ptr<handshake> request,
            dialect speaks = {});
    ~session();

    [[nodiscard]] std::string_view id() const { return {id_.data(), id_.size()}; }
    [[nodiscard]] session_context& context() const { return context_; }
    // What is kept of the request that began it; an empty one if nothing is.
    [[nodiscard]] handshake const& request() const;
    [[nodiscard]] dialect speaks() const { return dialect_; }
    // True until it ends or close_soon() is called. Not open and not ended: it ends with the next
    // flush.
    [[nodiscard]] bool open() const { return state_ == state::open; }
    [[nodiscard]] bool ended() const { return state_ == state::closed; }

    // --- for the application ---

    // Gives the session its handler, starts the heartbeat (over polling, the wait for a second
    // request, with which the heartbeat starts) and calls on_open(). REQUIRES: called once; the
    // session is in the table.
    void start(std::unique_ptr<session_handler> handler);

    // Queues f, an Engine.IO packet, for the next flush. Binary frames are put into the client's
    // dialect. Ignored when the session is not open. Never fails for the caller: if f does not fit
    // in max_queue, or there is no memory, the session ends with the next flush, since its client
    // would miss something.
    void send(frame f) noexcept;

    // Ends the session: sends what is queued as far as the wire takes it, tells the handler, and
    // takes the session out of the table. Ignored when it has ended. Must not be called during a
    // fan-out (subscriber.hpp), where close_soon() is the one to call.
    void close(close_reason reason);

    // Ends it with the next flush. May be called anywhere, also during a fan-out. Ignored unless
    // open. Until the flush it takes nothing more to send.
    void close_soon(close_reason reason) noexcept;

    // Does f, on behalf of this session, for those who serve many. If f throws, this session ends
    // (fail) and nobody else notices: one client's memory, or a bug that its input has met, must
    // not cost the others theirs.
    template <class F>
    void attempt(F&& f) noexcept
    {
        try {
            std::forward<F>(f)();
        } catch (std::exception const& e) {
            fail(e);
        }
    }

    // Ends it with the next flush (internal_error), and keeps the text of why for the log.
    void fail(std::exception const& why) noexcept;

    // Has on_deadline() called once, this long from now. A new deadline replaces the old one. There
    // is one per session: Socket.IO uses it until a namespace is joined, then the application may.
    // Ignored when the session has ended.
    void set_deadline(milliseconds in);
    // Takes effect at once, though the timer is left running: it finds nothing due and is armed
    // again.
    void clear_deadline() { deadline_ = 0; }

    // --- for the transports ---

    // A request has come for it. A polling session that gets none within first_poll_timeout of its
    // handshake ends (no_poll): whoever began it has gone, or begins sessions only to fill the
    // table.
    void on_request();

    // A packet has come over wire. Ignored from a wire that the session has left. May end the
    // session. REQUIRES: p.data is valid during the call.
    void on_packet(transport& wire, packet const& p);

    // The wire has ended by itself. Ends the session if it is the current one; if it is the
    // candidate, the upgrade is given up. Otherwise ignored.
    void on_transport_end(transport& wire, close_reason reason);

    // A WebSocket wants to take over. Returns true if it is the candidate now and may give its
    // packets to on_packet(). Returns false if the session is not open, is not carried by polling,
    // or has a candidate already; the caller closes the WebSocket then.
    [[nodiscard]] bool try_upgrade(boost::intrusive_ptr<transport> candidate);

    // True when a candidate has been sent its `3probe`. No GET may wait then: the client waits for
    // the end of its GET before it goes on. Before the candidate has said anything, GETs wait as
    // usual: behind a proxy that holds WebSocket frames back, polling would otherwise go round and
    // round.
    [[nodiscard]] bool upgrading() const { return candidate_ != nullptr && probed_; }

    // True if wire is the transport that packets leave by.
    [[nodiscard]] bool carried_by(transport const& wire) const { return wire_ == &wire; }
    [[nodiscard]] transport& wire() const { return *wire_; }
    // What is to be sent. The current transport takes frames out of it.
    [[nodiscard]] outbox& queue() { return outbox_; }

    // Sends what is queued, or ends the session if close_soon() was called.
    void flush();

private:
    // closing: close_soon() was called, and the next flush closes.
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
    std::unique_ptr<session_handler> handler_;   // null before start()
    std::unique_ptr<handshake> request_;         // null if nothing is kept
    outbox outbox_;
    time_ms heartbeat_ = 0;  // the next ping is due, or the client's next word at the latest
    time_ms deadline_ = 0;   // of the application; 0: none
    time_ms upgrade_deadline_ = 0;
    url_safe_id id_;
    dialect const dialect_;
    state state_ = state::open;
    close_reason ending_{};        // why, while closing
    bool awaits_request_ = false;  // polling, and no request since the handshake
    bool awaits_pong_ = false;     // or, in protocol 3, the client's next ping
    bool pong_extended_ = false;   // the wait for it, once already
    bool probed_ = false;          // the candidate has sent its probe
};

}  // namespace notify::eio
