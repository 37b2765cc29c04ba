// SPDX-License-Identifier: MIT
//
// A session's wire over HTTP long-polling: a GET waits for packets, a POST brings some. One of each
// at a time.
//
// It has no socket. Between two requests a polling client is nothing but this object, and packets
// stay in the session's outbox until a GET takes them. polling_service brings the requests; the
// session tells it when there is something (flush), when to let the client go (yield) and when it
// is over (end).
//
// Belongs to one shard. Counted by reference: the session holds it, and so does each request under
// way, which may outlive the session. So a last payload may be kept for a GET that comes to its
// turn later.
#pragma once

#include "protocol/engine_payload.hpp"
#include "session/session.hpp"
#include "session/transport.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <span>
#include <string>
#include <string_view>

namespace notify {

class http_connection;

class polling_transport final : public eio::transport {
public:
    // Names the session that this carries. Apart from the constructor, since a session is made with
    // its transport. REQUIRES: called once, before any request.
    void carry(eio::session& s) { session_ = &s; }

    // What a GET is answered with.
    struct payload {
        std::string body;        // encoded packets; empty: there is nothing to answer with
        bool is_binary = false;  // the binary form of protocol 3; text otherwise
    };

    // Takes what a GET is to be answered with now: up to 16 packets from the outbox, or the
    // session's last words, however many those are. An empty body: the GET has to wait. It never
    // has to while a WebSocket is probing, since the client waits for the end of its GET before it
    // goes on; without packets it gets a noop (`6`) then.
    [[nodiscard]] payload next_payload();

    // Sets the connection of a GET that waits, which is woken when there may be something; null:
    // none waits. REQUIRES: the connection lives until it is replaced.
    void set_waiter(http_connection* c) { waiter_ = c; }
    [[nodiscard]] bool getting() const { return waiter_ != nullptr; }

    // Gives the packets of a POST to the session, in order. False: the session is over or has moved
    // to a WebSocket, or ends now because a packet is malformed; those before it were taken. The
    // session may also end within a packet, such as a `1`; the rest is ignored then.
    [[nodiscard]] bool take(std::string_view body, eio::payload_form form);

    bool posting = false;  // a POST is being read

    [[nodiscard]] eio::transport_kind kind() const override { return eio::transport_kind::polling; }
    // See eio::transport. All three wake the GET that waits, if there is one; it is answered later,
    // from the loop.
    void flush() override { wake(); }
    void yield() override;
    void end(eio::close_reason reason) noexcept override;

private:
    void wake();
    [[nodiscard]] payload take_queued();
    [[nodiscard]] payload encode(std::span<frame const> frames, std::string_view last) const;

    eio::session* session_ = nullptr;    // null once it has ended or moved to a WebSocket
    http_connection* waiter_ = nullptr;  // the connection of the GET that waits
    payload last_;                       // what a GET gets when session_ is null: the last words
};

}  // namespace notify
