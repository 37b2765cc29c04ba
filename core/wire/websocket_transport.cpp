// SPDX-License-Identifier: MIT
#include "wire/websocket_transport.hpp"

#include "http/http_context.hpp"
#include "http/lingering_close.hpp"
#include "protocol/engine_packet.hpp"
#include "session/session_context.hpp"
#include "wire/websocket_bytes.hpp"

#include <cerrno>
#include <new>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <tuple>

namespace notify {

using eio::close_reason;

static_assert(sizeof(websocket_transport) <= 64, "idle connections are many: keep them small");

namespace {

// Returns the bytes that the kernel has taken, or -1 with errno.
ssize_t send_now(int fd, std::string_view bytes)
{
    return ::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

bool would_block(int e) { return e == EAGAIN || e == EWOULDBLOCK || e == EINTR; }

// The code by which a client is told why its session ends (RFC 6455 section 7.4.1). The Close frame
// has the name of the reason too.
ws::close_code code_for(close_reason reason)
{
    switch (reason) {
    case close_reason::shutdown: return ws::close_code::going_away;
    case close_reason::parse_error:
    case close_reason::transport_error: return ws::close_code::protocol_error;
    case close_reason::too_large: return ws::close_code::too_big;
    case close_reason::internal_error: return ws::close_code::internal;
    case close_reason::slow_reader:
    case close_reason::too_many:
    case close_reason::unsubscribed:
    case close_reason::no_connect: return ws::close_code::policy;
    default: return ws::close_code::normal;
    }
}

}  // namespace

websocket_transport::websocket_transport(http_context& context, unique_fd fd, quota_share place)
    : context_{context}, fd_{std::move(fd)}
{
    place.release();  // what knows the context needs no pointer to give it back
    ++context_.open;
}

websocket_transport::~websocket_transport()
{
    if (session_ && fd_) context_.wires.remove(fd_.get(), *this);
    if (has_place_) context_.capacity.connections.give_back();
    --context_.open;
}

bool websocket_transport::greet(std::string_view bytes)
{
    return send_now(fd_.get(), bytes) == static_cast<ssize_t>(bytes.size());
}

// If the kernel refuses to watch the socket, the session would be deaf; it is ended instead.
void websocket_transport::start(eio::session& s, std::span<char> bytes)
{
    boost::intrusive_ptr<eio::transport> const keep{this};
    boost::intrusive_ptr<eio::session> const keep_session{&s};
    session_ = &s;
    if (!context_.wires.add(fd_.get(), *this)) return fail(close_reason::transport_error);
    s.attempt([&] { take(bytes); });
}

// Both references are held because a packet, or a failed write, may end the session, and with it
// this. attempt() ends this session alone if something throws,
// since the epoll set has others to serve.
void websocket_transport::on_ready(std::uint32_t events)
{
    boost::intrusive_ptr<eio::transport> const keep{this};
    boost::intrusive_ptr<eio::session> const keep_session{session_};
    session_->attempt([&] {
        if (events & EPOLLOUT) flush();
        if (session_ && (events & ~static_cast<std::uint32_t>(EPOLLOUT))) read();
    });
}

// One read per event, of 64 KiB at most: the set is level-triggered and calls again for the rest,
// after the others have had their turn.
void websocket_transport::read()
{
    auto& scratch = context_.scratch;
    ssize_t const n = ::recv(fd_.get(), scratch.data(), scratch.size(), MSG_DONTWAIT);
    if (n > 0) return take(std::span{scratch}.first(static_cast<std::size_t>(n)));
    if (n == 0) return fail(close_reason::transport_closed);
    if (!would_block(errno)) fail(close_reason::transport_error);
}

// Gives the session each message that is complete. It may end with any of them.
void websocket_transport::take(std::span<char> bytes)
{
    while (session_) {
        ws::event const e =
            reader_.next(bytes, ws::role::server, session_->context().options.max_payload);
        if (e.what == ws::event::kind::need_more) return;
        take(e);
    }
}

void websocket_transport::take(ws::event const& e)
{
    using kind = ws::event::kind;
    switch (e.what) {
    case kind::text: {
        std::string decoded;  // costs nothing unless the client sends base64
        auto const p = eio::parse_packet(e.payload, decoded, session_->speaks());
        return p ? session_->on_packet(*this, *p) : fail(close_reason::parse_error);
    }
    case kind::binary: {
        auto const p = eio::parse_binary_packet(e.payload, session_->speaks());
        return p ? session_->on_packet(*this, *p) : fail(close_reason::parse_error);
    }
    // Browsers do not send WebSocket pings, but proxies and other libraries do. The pong goes
    // through the outbox, so that it cannot get into the middle of a frame that is half sent. A
    // candidate has no outbox yet; its ping goes without an answer.
    case kind::ping:
        if (session_->carried_by(*this)) session_->send(frame::pong(e.payload));
        return;
    case kind::close:
        // 1005 stands for a Close frame without a code, and must not be sent (section 7.4.1).
        close_code_ = e.code == 1005 ? 1000 : e.code;
        return fail(close_reason::transport_closed);
    case kind::error:
        close_code_ = e.code;
        return fail(e.code == static_cast<std::uint16_t>(ws::close_code::too_big)
                        ? close_reason::too_large
                        : close_reason::transport_error);
    case kind::pong:
    case kind::need_more: return;
    }
}

// The set is asked to report when there is room only while the kernel takes no more.
void websocket_transport::flush()
{
    if (!session_) return;
    if (!session_->carried_by(*this)) return answer_probe();
    send_queue(session_->queue());
    if (!session_->queue().empty() && !would_block(errno))
        return fail(close_reason::transport_error);
    watch_writable(!session_->queue().empty());
}

// Sends until the queue is empty, or send(2) takes no more; errno says which failure it was.
void websocket_transport::send_queue(eio::outbox& queue)
{
    while (!queue.empty()) {
        websocket_write const next = next_write(queue, context_.send_scratch);
        ssize_t const sent = send_now(fd_.get(), next.bytes);
        if (sent < 0) return;
        take_sent(queue, next, static_cast<std::size_t>(sent));
    }
}

void websocket_transport::watch_writable(bool wanted)
{
    if (wanted == writable_watched_) return;
    writable_watched_ = wanted;
    context_.wires.watch_writable(fd_.get(), *this, wanted);
}

// `3probe` in a text frame of 6 bytes. Not through the outbox, which still belongs to polling.
void websocket_transport::answer_probe()
{
    static constexpr std::string_view answer = "\x81\x06"
                                               "3probe";
    if (!greet(answer)) fail(close_reason::transport_error);
}

// The wire has ended, or its client broke a rule. The session decides what that means: it ends, if
// this carries it, or goes on polling, if this was its candidate.
void websocket_transport::fail(close_reason reason)
{
    boost::intrusive_ptr<eio::transport> const keep{this};
    session_->on_transport_end(*this, reason);
    if (session_) end(reason);  // it was a probe, and the session goes on without it
}

// Leaves the epoll set and the session, says good-bye if the peer is still there, and gives the
// socket to close_lingering() with its place. A socket that is broken is closed at once.
void websocket_transport::end(close_reason reason) noexcept
{
    if (!session_) return;
    boost::intrusive_ptr<eio::transport> const keep{this};
    context_.wires.remove(fd_.get(), *this);
    // The session goes on, and is not among those that have ended.
    if (reason == close_reason::upgrade_timeout)
        context_.refused.add(http_refusal::upgrade_timeout);
    eio::outbox* const queue = session_->carried_by(*this) ? &session_->queue() : nullptr;
    session_ = nullptr;
    bool const gone = close_code_ == 0 && (reason == close_reason::transport_error ||
                                           reason == close_reason::transport_closed);
    if (gone) {
        fd_ = unique_fd{};
    } else {
        try {
            say_goodbye(reason, queue);
        } catch (std::bad_alloc const&) {  // then the end alone has to do
        }
        has_place_ = false;
        close_lingering(context_, std::move(fd_),
                        quota_share::adopt(context_.capacity.connections));
    }
}

// Sends what is queued, `1` (Engine.IO's close) if the server goes, and a Close frame, as far as
// the kernel takes them. If something is left of the queue, no more is said: it would come in the
// middle of a frame.
void websocket_transport::say_goodbye(close_reason reason, eio::outbox* queue)
{
    if (queue) send_queue(*queue);
    if (queue && !queue->empty()) return;
    std::uint16_t const code =
        close_code_ != 0 ? close_code_ : static_cast<std::uint16_t>(code_for(reason));
    std::string last;
    if (reason == close_reason::shutdown) ws::append_frame(last, ws::opcode::text, "1");
    ws::append_close(last, code, eio::name_of(reason));
    std::ignore = send_now(fd_.get(), last);
}

}  // namespace notify
