// SPDX-License-Identifier: MIT
#include "tab.hpp"

#include "loopback.hpp"
#include "polling_tab.hpp"
#include "websocket_tab.hpp"

#include <fmt/format.h>

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace notify::bench {

namespace {

constexpr std::string_view connected = "40/io/user/notifications,{";
constexpr std::string_view success = R"(42/io/user/notifications,["internal",{"type":"success",)";
constexpr std::string_view notification = R"(42/io/user/notifications,["notification",{)";
constexpr std::string_view offset = R"(42/io/user/notifications,["offset",)";

// Returns the text of "name":"…" in an object; empty if it has none.
std::string_view member(std::string_view object, std::string_view name)
{
    auto const at = object.find(name);
    if (at == object.npos) return {};
    object.remove_prefix(at + name.size());
    return object.substr(0, object.find('"'));
}

// Returns the last argument of an event if it is a text, which is the event's offset.
std::string_view last_text(std::string_view packet)
{
    if (!packet.ends_with(R"("])")) return {};
    packet.remove_suffix(2);
    return packet.substr(packet.rfind('"') + 1);
}

}  // namespace

void tab::join(std::string who)
{
    who_ = std::move(who);
    pid_ = {};
    offset_ = {};
    recovering_ = false;
    begin();
}

void tab::recover()
{
    recovering_ = true;
    begin();
}

void tab::begin()
{
    connecting_ = true;
    socket_ = begin_connect(context_.server, number_);
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
    context_.on_failed(number_, why);
}

// Gives each tab an address of its own, as a proxy would: the gateway takes turns among addresses.
std::string tab::cookie_header() const
{
    if (context_.by == proof::uuid) return "";
    return fmt::format("Cookie: sessionid={}\r\nX-Forwarded-For: 10.{}.{}.{}\r\n", who_,
                       number_ >> 16 & 255, number_ >> 8 & 255, number_ & 255);
}

void tab::on_ready(std::uint32_t)
{
    if (connecting_) return finish_connect();
    auto& scratch = context_.scratch;
    ssize_t const n = ::recv(socket_.get(), scratch.data(), scratch.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return;
    if (n < 0) return fail(std::strerror(errno));
    if (n == 0) return fail("the server has closed the connection");
    on_bytes(std::span{scratch}.first(static_cast<std::size_t>(n)));
}

void tab::finish_connect()
{
    int reason = 0;
    socklen_t size = sizeof reason;
    ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &reason, &size);
    if (reason != 0) return fail(std::strerror(reason));
    connecting_ = false;
    context_.loop.change(socket_.get(), EPOLLIN, *this);
    on_connected();
}

void tab::take(std::string_view packet)
{
    if (packet.starts_with("42")) return take_event(packet);
    if (packet == "2") return send("3");
    if (packet == "6") return;
    if (packet.starts_with("0{")) return send(connect_packet());
    if (packet.starts_with(connected)) return take_connect(packet);
    fail(fmt::format("not expected: {}", packet));
}

void tab::take_event(std::string_view packet)
{
    if (std::string_view const text = last_text(packet); !text.empty()) offset_ = text;
    if (packet.starts_with(notification)) return notified(member(packet, R"("message":")"));
    if (packet.starts_with(success)) return subscribed();
    if (!packet.starts_with(offset)) fail(fmt::format("not expected: {}", packet));
}

void tab::take_connect(std::string_view packet)
{
    std::string_view const pid = member(packet, R"("pid":")");
    if (recovering_ && pid == pid_) context_.on_recovered();
    pid_ = pid;
    if (context_.by == proof::cookie)
        send(R"(42/io/user/notifications,["subscribe-to-notifications-by-cookies"])");
}

std::string tab::connect_packet() const
{
    if (context_.by == proof::cookie) return "40/io/user/notifications,";
    if (!recovering_) return fmt::format(R"(40/io/user/notifications,{{"uuid":"{}"}})", who_);
    return fmt::format(R"(40/io/user/notifications,{{"pid":"{}","offset":"{}"}})", pid_, offset_);
}

void tab::subscribed()
{
    who_ = {};
    context_.on_subscribed();
}

// A tab sends little, one packet at a time, so the kernel always has room for it.
void tab::send_bytes(std::string_view bytes)
{
    ssize_t const n =
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n != static_cast<ssize_t>(bytes.size())) fail("cannot send");
}

std::unique_ptr<tab> make_tab(carrier by, tab_context& context, std::size_t number)
{
    if (by == carrier::polling) return std::make_unique<polling_tab>(context, number);
    if (by == carrier::nchan) return std::make_unique<nchan_tab>(context, number);
    return std::make_unique<websocket_tab>(context, number);
}

}  // namespace notify::bench
