// SPDX-License-Identifier: MIT
#include "floor_server.hpp"

#include "floor_wire.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace notify::bench {

namespace {

constexpr std::string_view channel_begin = "/app/user/";
constexpr std::string_view channel_end = "/notifications";

std::string channel_of(std::string_view user)
{
    return std::string{channel_begin}.append(user).append(channel_end);
}

std::string_view user_of(std::string_view channel)
{
    channel.remove_prefix(channel_begin.size());
    channel.remove_suffix(channel_end.size());
    return channel;
}

constexpr int ping_slices = 25;  // one a second, so that a client has its ping every 25 s

int check(int returned, char const* what)
{
    if (returned < 0) throw std::system_error{errno, std::system_category(), what};
    return returned;
}

}  // namespace

// --- the loop ---

floor_server::floor_server(std::string const& redis, std::uint16_t port)
    : epoll_{check(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")},
      listener_{check(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket")},
      timer_{check(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd")},
      redis_{redis},
      clients_{epoll_.get()}
{
    int const on = 1;
    ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);  // as --share-port
    // On Linux an accepted socket inherits it: a system call less for each.
    ::setsockopt(listener_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check(::bind(listener_.get(), reinterpret_cast<sockaddr const*>(&at), sizeof at), "bind");
    check(::listen(listener_.get(), SOMAXCONN), "listen");
    itimerspec const every_second{{1, 0}, {1, 0}};
    check(::timerfd_settime(timer_.get(), 0, &every_second, nullptr), "timerfd_settime");
    for (int const fd : {listener_.get(), timer_.get(), redis_.fd()}) watch(fd);
}

void floor_server::watch(int fd)
{
    epoll_event e{};
    e.events = EPOLLIN;
    e.data.fd = fd;
    check(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &e), "epoll_ctl");
}

void floor_server::run()
{
    std::array<epoll_event, 256> batch;
    while (true) {
        int const n = ::epoll_wait(epoll_.get(), batch.data(), static_cast<int>(batch.size()), -1);
        for (int i = 0; i < n; ++i) {
            epoll_event const& e = batch[static_cast<std::size_t>(i)];
            on_ready(e.data.fd, e.events);
        }
        redis_.flush();  // the commands for all of these events, in one write
    }
}

// The connection may have closed since, and another one may have its descriptor now: then the read
// finds nothing, which does no harm.
void floor_server::on_ready(int fd, std::uint32_t events)
{
    if (fd == redis_.fd()) {
        redis_.read([this](resp3_reply const& r) { on_reply(r); });
        flush_batch();
    } else if (fd == listener_.get()) {
        accept_all();
    } else if (fd == timer_.get()) {
        ping_some();
    } else {
        if (events & EPOLLOUT) clients_.on_writable(fd);
        if (events & ~static_cast<std::uint32_t>(EPOLLOUT)) read(fd);
    }
}

void floor_server::accept_all()
{
    while (true) {
        int const fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        clients_.open(fd);
    }
}

void floor_server::close(int fd)
{
    leave(fd);
    std::replace(askers_.begin(), askers_.end(), fd, -1);
    clients_.close(fd);
}

// Pings another slice of all descriptors each second, so that no second has all the work.
void floor_server::ping_some()
{
    std::uint64_t expirations = 0;
    if (::read(timer_.get(), &expirations, sizeof expirations) < 0) return;
    slice_ = (slice_ + 1) % ping_slices;
    for (int fd = slice_; fd < clients_.size(); fd += ping_slices)
        if (clients_[fd].now >= state::open) send_text(fd, "2");
}

// --- from clients ---

void floor_server::read(int fd)
{
    if (clients_[fd].now == state::closed) return;
    ssize_t const n = ::recv(fd, scratch_.data(), scratch_.size(), 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) return close(fd);
    auto bytes = std::span{scratch_}.first(static_cast<std::size_t>(n));
    std::string whole = clients_.take_kept(fd);
    if (!whole.empty()) bytes = whole.append(bytes.data(), bytes.size());
    auto const rest = take(fd, bytes);
    if (!rest.empty() && clients_[fd].now != state::closed) clients_.keep(fd, rest);
}

// Returns the bytes that are left: an incomplete head or frame.
std::span<char> floor_server::take(int fd, std::span<char> bytes)
{
    if (clients_[fd].now == state::upgrading) {
        std::string_view const head{bytes.data(), bytes.size()};
        auto const end = head.find("\r\n\r\n");
        if (end == head.npos) return bytes;
        upgrade(fd, head.substr(0, end + 2));
        bytes = bytes.subspan(end + 4);
    }
    while (clients_[fd].now != state::closed) {
        auto const frame = take_frame(bytes);
        if (!frame) break;
        if (frame->opcode == ws::opcode::text) take_packet(fd, frame->payload);
        if (frame->opcode == ws::opcode::close) close(fd);
    }
    return bytes;
}

// The answer and Engine.IO's open packet, in one write.
void floor_server::upgrade(int fd, std::string_view head)
{
    out_ = upgrade_answer(head);
    if (out_.empty()) return close(fd);
    clients_[fd].now = state::open;
    append_frame(out_, {R"(0{"sid":")", std::to_string(++last_sid_),
                        R"(","upgrades":[],"pingInterval":25000,"pingTimeout":20000,)"
                        R"("maxPayload":1000000})"});
    clients_.send(fd, out_);
}

// The uuid comes with CONNECT, or with the event that older pages send. A pong has none.
void floor_server::take_packet(int fd, std::string_view packet)
{
    if (packet.starts_with(ns_connect))
        send_text(fd, std::string{ns_connect}
                          .append(R"({"sid":")")
                          .append(std::to_string(++last_sid_))
                          .append(R"("})"));
    auto const uuid = between(packet, R"("uuid":")", '"');
    if (uuid.empty()) return;
    redis_.send({"GETDEL", std::string{"cookie-"}.append(uuid)});
    askers_.push_back(fd);
}

// --- from Redis ---

void floor_server::on_reply(resp3_reply const& r)
{
    bool const push = r.type == '>';
    if (push && r.leaves[0] == "message") {
        if (auto const channel = channels_.find(user_of(r.leaves[1])); channel != channels_.none)
            batch_.add(channel, channels_[channel], r.leaves[2]);
        return;
    }
    flush_batch();  // so that a client that joins now gets no earlier message
    if (push && r.leaves[0] == "subscribe") return on_confirmed(user_of(r.leaves[1]));
    if (r.type == '$' || r.type == '_') on_answer(r.leaves[0]);
    if (r.type == '-') throw std::runtime_error{"Redis refused: " + std::string{r.leaves[0]}};
}

// It answers the GETDEL of the client that has waited longest.
void floor_server::on_answer(std::string_view value)
{
    int const fd = askers_.front();
    askers_.pop_front();
    if (fd < 0) return;
    auto const user = between(value, R"("userId":")", '"');
    if (user.empty()) return close(fd);
    join(fd, user);
}

void floor_server::join(int fd, std::string_view user)
{
    leave(fd);
    auto const index = channels_.find_or_add(user);
    auto& channel = channels_[index];
    if (channel.first < 0) {
        ++channel.unconfirmed;
        redis_.send({"SUBSCRIBE", channel_of(user)});
    }
    clients_.link(fd, channel.first);
    bool const confirmed = channel.unconfirmed == 0;
    clients_[fd].channel = index;
    clients_[fd].now = confirmed ? state::subscribed : state::subscribing;
    if (confirmed) send_text(fd, subscription_ok);
}

void floor_server::leave(int fd)
{
    auto const index = std::exchange(clients_[fd].channel, floor_channels::none);
    if (index == floor_channels::none) return;
    auto& channel = channels_[index];
    clients_.unlink(fd, channel.first);
    if (channel.first < 0) redis_.send({"UNSUBSCRIBE", channel_of(channels_.user_of(index))});
}

// The last SUBSCRIBE counts: between it and those before there were UNSUBSCRIBEs.
void floor_server::on_confirmed(std::string_view user)
{
    auto& channel = channels_[channels_.find(user)];
    if (--channel.unconfirmed > 0) return;
    for (int fd = channel.first; fd >= 0; fd = clients_[fd].next)
        if (std::exchange(clients_[fd].now, state::subscribed) == state::subscribing)
            send_text(fd, subscription_ok);
}

// --- to clients ---

void floor_server::send_to_all(floor_channels::index channel, std::string_view bytes)
{
    for (int fd = channels_[channel].first; fd >= 0; fd = clients_[fd].next)
        clients_.send(fd, bytes);
}

void floor_server::flush_batch()
{
    batch_.flush(channels_,
                 [this](auto channel, std::string_view bytes) { send_to_all(channel, bytes); });
}

void floor_server::send_text(int fd, std::string_view packet)
{
    out_.clear();
    append_frame(out_, {packet});
    clients_.send(fd, out_);
}

}  // namespace notify::bench
