// SPDX-License-Identifier: MIT
#include "tab.hpp"

#include "loopback.hpp"

#include <fmt/format.h>

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace notify::bench {

namespace {

// Nobody but this process checks Sec-WebSocket-Accept, and it does not: one key does for all.
constexpr std::string_view upgrade_request =
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
    "Host: 127.0.0.1\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n\r\n";

constexpr std::string_view connected = "40/io/user/notifications,{";
constexpr std::string_view internal = R"(42/io/user/notifications,["internal",)";
constexpr std::string_view before = R"(42/io/user/notifications,["notification",{"message":")";
constexpr std::string_view after = R"("}])";

constexpr std::uint32_t masking_key = 0x5a17c3e9;  // any will do on loopback

}  // namespace

void tab::join(std::string uuid)
{
    uuid_ = std::move(uuid);
    state_ = state::connecting;
    socket_ = begin_connect(context_.gateway, number_);
    context_.loop.add(socket_.get(), EPOLLOUT, *this);
}

void tab::leave()
{
    if (!socket_) return;
    context_.loop.remove(socket_.get(), *this);
    ::close(socket_.release());
}

void tab::fail(std::string_view why)
{
    if (!socket_) return;
    leave();
    context_.told.on_failed(*this, why);
}

void tab::on_ready(std::uint32_t)
{
    if (state_ == state::connecting)
        ask_for_upgrade();
    else
        read();
}

void tab::ask_for_upgrade()
{
    int reason = 0;
    socklen_t size = sizeof reason;
    ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &reason, &size);
    if (reason != 0) return fail(std::strerror(reason));
    state_ = state::upgrading;
    context_.loop.change(socket_.get(), EPOLLIN, *this);
    send_bytes(upgrade_request);
}

void tab::read()
{
    auto& scratch = context_.scratch;
    ssize_t const n = ::recv(socket_.get(), scratch.data(), scratch.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return;
    if (n < 0) return fail(std::strerror(errno));
    if (n == 0) return fail("the gateway has closed the connection");
    auto bytes = std::span{scratch}.first(static_cast<std::size_t>(n));
    if (state_ == state::upgrading) take_head(bytes);
    take_frames(bytes);
}

// Leaves in bytes what follows the head, which is nothing if it is cut.
void tab::take_head(std::span<char>& bytes)
{
    std::size_t const had = head_.size();
    head_.append(bytes.data(), bytes.size());
    auto const end = head_.find("\r\n\r\n");
    if (end == head_.npos) {
        bytes = {};
        return;
    }
    bytes = bytes.subspan(end + 4 - had);
    if (!head_.starts_with("HTTP/1.1 101 "))
        return fail("not upgraded: " + head_.substr(0, head_.find('\r')));
    head_ = {};
    state_ = state::joining;
}

void tab::take_frames(std::span<char> bytes)
{
    using kind = ws::event::kind;
    while (socket_) {
        ws::event const e = reader_.next(bytes, ws::role::client, 1 << 20);
        switch (e.what) {
        case kind::text: take(e.payload); break;
        case kind::need_more: return;
        case kind::close: return fail(fmt::format("closed with {} {}", e.code, e.payload));
        default: return fail("a frame that was not expected");
        }
    }
}

void tab::take(std::string_view packet)
{
    if (packet.starts_with(before) && packet.ends_with(after)) {
        packet.remove_prefix(before.size());
        packet.remove_suffix(after.size());
        return context_.told.on_notification(*this, packet);
    }
    if (packet == "2") return send("3");
    if (packet.starts_with(internal)) return take_internal(packet);
    if (packet.starts_with("0{"))
        return send(fmt::format(R"(40/io/user/notifications,{{"uuid":"{}"}})", uuid_));
    if (!packet.starts_with(connected)) fail(fmt::format("not expected: {}", packet));
}

void tab::take_internal(std::string_view event)
{
    if (event.find(R"("SUBSCRIPTION_OK")") == event.npos)
        return fail(fmt::format("not subscribed: {}", event));
    uuid_ = {};
    state_ = state::subscribed;
    context_.told.on_subscribed(*this);
}

void tab::send(std::string_view packet)
{
    std::string bytes;
    ws::append_masked_frame(bytes, ws::opcode::text, packet, masking_key);
    send_bytes(bytes);
}

// A tab says little, and one thing at a time: it always fits.
void tab::send_bytes(std::string_view bytes)
{
    ssize_t const n =
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n != static_cast<ssize_t>(bytes.size())) fail("cannot send");
}

}  // namespace notify::bench
