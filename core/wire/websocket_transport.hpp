// SPDX-License-Identifier: MIT
//
// A session's wire over WebSocket (RFC 6455).
//
// Nearly all clients of a gateway are one of these, and nearly all are idle. So after the handshake
// it is a descriptor in the shard's epoll set and this object, of at most 64 bytes (asserted): no
// buffer, no coroutine frame, no timer. What is readable is read into the shard's scratch, and only
// a frame that is not complete is kept. What is to be sent goes out with one write, and waits in
// the session's outbox only while the kernel is full.
//
// engine_endpoint makes it, either with a new session or as the candidate of one that polls. A
// candidate sends nothing but `3probe` until the session takes it for its own.
//
// Belongs to one shard. Counted by reference: the session owns it, and each function that may end
// the session holds another reference meanwhile.
//
// Invariant: from start() to end() fd_ is open and in the epoll set, and session_ is not null.
#pragma once

#include "base/quota.hpp"
#include "base/unique_fd.hpp"
#include "http/epoll_set.hpp"
#include "protocol/websocket_frame.hpp"
#include "session/session.hpp"
#include "session/transport.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace notify {

struct http_context;

class websocket_transport final : public eio::transport, private epoll_set::watcher {
public:
    // Takes over a socket that does not block. Counts as open from now on, and gives the place back
    // when it is destroyed or has lingered. place: of the process' connections, not of its guests;
    // it is kept as one bit, since a quota_share would be 16 bytes. REQUIRES: context outlives
    // this.
    websocket_transport(http_context& context, unique_fd fd, quota_share place);
    ~websocket_transport() override;

    // Sends what comes before anything else, such as the answer to the handshake, on a socket that
    // has sent next to nothing. False: the kernel did not take all of it, which there can only mean
    // that the socket is broken.
    [[nodiscard]] bool greet(std::string_view bytes);

    // Begins to carry s, or to probe for it if it has another transport. bytes: what the client
    // sent right after its handshake; changed in place, as it is unmasked. May end the session, and
    // this, before it returns. REQUIRES: called once; this is the session's transport or candidate.
    void start(eio::session& s, std::span<char> bytes);

    [[nodiscard]] eio::transport_kind kind() const override
    {
        return eio::transport_kind::websocket;
    }
    // See eio::transport. end() says good-bye, and lets the socket linger (http/lingering_close).
    void flush() override;
    void end(eio::close_reason reason) noexcept override;

private:
    void on_ready(std::uint32_t events) override;
    void read();
    void take(std::span<char> bytes);
    void take(ws::event const& e);
    void answer_probe();
    void send_queue(eio::outbox& queue);
    void say_goodbye(eio::close_reason reason, eio::outbox* queue);
    void fail(eio::close_reason reason);
    void watch_writable(bool wanted);

    http_context& context_;
    eio::session* session_ = nullptr;  // null before start() and after end()
    ws::frame_reader reader_;          // owns memory only while a frame is incomplete
    unique_fd fd_;
    std::uint16_t close_code_ = 0;   // the peer's, or ours for what it broke; 0: neither
    bool writable_watched_ = false;  // spares a system call for each flush
    bool has_place_ = true;          // of capacity.connections, to be given back
};

}  // namespace notify
