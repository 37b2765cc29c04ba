// SPDX-License-Identifier: MIT
//
// A session's wire over WebSocket. After the handshake it is a descriptor in the
// shard's epoll set and this object: an idle one owns no buffer, no coroutine
// frame and no timer. What is readable is read into the shard's scratch; only
// what is incomplete is kept. What is to be sent goes out with one
// write, and waits in the session's outbox only while the kernel is full.
//
// Belongs to one shard. The session owns it.
//
// Invariant: while fd_ is open it is in the epoll set, and session_ is not null.
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
    // place: one of the process' connections.
    websocket_transport(http_context& context, unique_fd fd, quota_share place);
    ~websocket_transport() override;

    // Sends what comes before anything else, on a socket that has sent nothing
    // yet. False: it is broken.
    [[nodiscard]] bool greet(std::string_view bytes);

    // Begins to carry s, or to probe for it if it has another transport; bytes
    // were read with the handshake. May end the session, and itself.
    // REQUIRES: this is the session's transport or candidate.
    void start(eio::session& s, std::span<char> bytes);

    [[nodiscard]] eio::transport_kind kind() const override
    {
        return eio::transport_kind::websocket;
    }
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
    eio::session* session_ = nullptr;
    ws::frame_reader reader_;
    unique_fd fd_;
    std::uint16_t close_code_ = 0;  // the peer's, or ours for what it broke
    bool writable_watched_ = false;
    bool has_place_ = true;
};

}  // namespace notify
