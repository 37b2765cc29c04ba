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
constexpr std::string_view before = R"(42/io/user/notifications,["notification",{"message":")";
constexpr std::string_view after = R"("}])";

}  // namespace

void tab::join(std::string who)
{
    who_ = std::move(who);
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
    bool const by_uuid = context_.by == proof::uuid;
    if (packet.starts_with(before) && packet.ends_with(after)) {
        packet.remove_prefix(before.size());
        packet.remove_suffix(after.size());
        return notified(packet);
    }
    if (packet == "2") return send("3");
    if (packet == "6") return;
    if (packet.starts_with("0{"))
        return send(by_uuid ? fmt::format(R"(40/io/user/notifications,{{"uuid":"{}"}})", who_)
                            : "40/io/user/notifications,");
    if (packet.starts_with(success)) return subscribed();
    if (!packet.starts_with(connected)) return fail(fmt::format("not expected: {}", packet));
    if (!by_uuid) send(R"(42/io/user/notifications,["subscribe-to-notifications-by-cookies"])");
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
