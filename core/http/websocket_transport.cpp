// SPDX-License-Identifier: MIT
#include "http/websocket_transport.hpp"

#include "http/http_context.hpp"
#include "http/lingering_close.hpp"
#include "protocol/engine_packet.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <string>
#include <sys/socket.h>
#include <sys/uio.h>

namespace notify {

using eio::close_reason;

static_assert(sizeof(websocket_transport) <= 64, "idle connections are many: keep them small");

namespace {

// Sends views in one system call. Returns the bytes taken, or -1 with errno.
ssize_t send_gathered(int fd, std::span<std::string_view const> views)
{
    std::array<iovec, 64> parts;
    std::size_t const n = std::min(views.size(), parts.size());
    for (std::size_t i = 0; i < n; ++i)
        parts[i] = {const_cast<char*>(views[i].data()), views[i].size()};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = n;
    return ::sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

bool would_block(int e) { return e == EAGAIN || e == EWOULDBLOCK || e == EINTR; }

// What a WebSocket is told when its session ends (RFC 6455 section 7.4.1).
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

websocket_transport::websocket_transport(http_context& context, unique_fd fd)
    : context_{context}, fd_{std::move(fd)}
{
    ++context_.open;
}

websocket_transport::~websocket_transport()
{
    if (session_ && fd_) context_.wires.remove(fd_.get(), *this);
    --context_.open;
}

void websocket_transport::start(eio::session& s, std::span<char> bytes)
{
    boost::intrusive_ptr<eio::transport> const keep{this};
    boost::intrusive_ptr<eio::session> const keep_session{&s};
    session_ = &s;
    if (!context_.wires.add(fd_.get(), *this)) return fail(close_reason::transport_error);
    s.attempt([&] { take(bytes); });
}

void websocket_transport::on_ready(std::uint32_t events)
{
    boost::intrusive_ptr<eio::transport> const keep{this};
    boost::intrusive_ptr<eio::session> const keep_session{session_};
    session_->attempt([&] {
        if (events & EPOLLOUT) flush();
        if (session_ && (events & ~static_cast<std::uint32_t>(EPOLLOUT))) read();
    });
}

void websocket_transport::read()
{
    auto& scratch = context_.scratch;
    ssize_t const n = ::recv(fd_.get(), scratch.data(), scratch.size(), MSG_DONTWAIT);
    if (n > 0) return take(std::span{scratch}.first(static_cast<std::size_t>(n)));
    if (n == 0) return fail(close_reason::transport_closed);
    if (!would_block(errno)) fail(close_reason::transport_error);
}

void websocket_transport::take(std::span<char> bytes)
{
    while (session_) {
        ws::event const e =
            reader_.next(bytes, ws::role::server, context_.sessions.options.max_payload);
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
    case kind::ping:
        if (session_->carried_by(*this)) session_->send(frame::pong(e.payload));
        return;
    case kind::close:
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

void websocket_transport::flush()
{
    if (!session_) return;
    if (!session_->carried_by(*this)) return answer_probe();
    eio::outbox& queue = session_->queue();
    while (!queue.empty()) {
        std::array<std::string_view, 64> views;
        std::size_t const n = queue.gather(views);
        ssize_t const sent = send_gathered(fd_.get(), std::span{views}.first(n));
        if (sent < 0) {
            if (would_block(errno)) return watch_writable(true);
            return fail(close_reason::transport_error);
        }
        queue.consume(static_cast<std::size_t>(sent));
    }
    watch_writable(false);
}

void websocket_transport::watch_writable(bool wanted)
{
    if (wanted == writable_watched_) return;
    writable_watched_ = wanted;
    context_.wires.watch_writable(fd_.get(), *this, wanted);
}

// A socket that has sent nothing yet and has no room for eight bytes is broken.
void websocket_transport::answer_probe()
{
    static constexpr std::array<std::string_view, 1> answer{"\x81\x06"
                                                            "3probe"};
    if (send_gathered(fd_.get(), answer) != static_cast<ssize_t>(answer[0].size()))
        fail(close_reason::transport_error);
}

// The wire has ended or broke a rule: the session decides what that means.
void websocket_transport::fail(close_reason reason)
{
    boost::intrusive_ptr<eio::transport> const keep{this};
    session_->on_transport_end(*this, reason);
    if (session_) end(reason);  // it was a probe, and the session goes on without it
}

void websocket_transport::end(close_reason reason) noexcept
{
    if (!session_) return;
    boost::intrusive_ptr<eio::transport> const keep{this};
    context_.wires.remove(fd_.get(), *this);
    // The session goes on, and is not among those that have ended.
    if (reason == close_reason::upgrade_timeout)
        context_.refused.add(http_refusal::upgrade_timeout);
    eio::outbox const* const queue = session_->carried_by(*this) ? &session_->queue() : nullptr;
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
        close_lingering(context_, std::move(fd_));
    }
}

// What is queued, `1` (Engine.IO's close) if the server goes, and a Close frame,
// as far as the kernel takes them.
void websocket_transport::say_goodbye(close_reason reason, eio::outbox const* queue)
{
    std::uint16_t const code =
        close_code_ != 0 ? close_code_ : static_cast<std::uint16_t>(code_for(reason));
    frame const engine_close = frame::text("1");
    frame const close = frame::close(code, eio::name_of(reason));
    std::array<std::string_view, 64> views;
    std::size_t n = queue ? queue->gather(std::span{views}.first(62)) : 0;
    if (reason == close_reason::shutdown) views[n++] = engine_close.wire();
    views[n++] = close.wire();
    std::ignore = send_gathered(fd_.get(), std::span{views}.first(n));
}

}  // namespace notify
