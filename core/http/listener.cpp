// SPDX-License-Identifier: MIT
#include "http/listener.hpp"

#include "base/until_memory.hpp"
#include "http/http_connection.hpp"

#include <spdlog/spdlog.h>

#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <exception>
#include <iterator>
#include <new>
#include <string>
#include <tuple>
#include <utility>

namespace notify {

namespace {

using reuse_port = net::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

// From the kernel's form, since Asio's remote_endpoint() would cost another system call.
net::ip::address address_of(sockaddr_storage const& from)
{
    if (from.ss_family == AF_INET6) {
        auto const& in6 = reinterpret_cast<sockaddr_in6 const&>(from);
        net::ip::address_v6::bytes_type bytes;
        std::memcpy(bytes.data(), &in6.sin6_addr, bytes.size());
        return net::ip::address_v6{bytes, in6.sin6_scope_id};
    }
    return net::ip::address_v4{ntohl(reinterpret_cast<sockaddr_in const&>(from).sin_addr.s_addr)};
}

// Classic BPF that drops the first packet of each new connection (SYN) and lets all else through.
// The kernel shows it a packet from TCP's header on (RFC 9293 section 3.1). SYNs that are dropped
// early cost no client more than a second; connections in the queue of a socket that is closed
// would be reset.
void drop_new_clients(int fd)
{
    constexpr std::uint32_t flags_at = 13;
    constexpr std::uint32_t syn = 0x02;
    sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, flags_at),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, syn, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, 0xffff'ffff),
    };
    sock_fprog const filter{std::size(program), program};
    // Where the kernel refuses, clients of the last moment are reset, as by stop().
    std::ignore = ::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

}  // namespace

void check_port_is_free(net::io_context& loop, tcp::endpoint const& at, bool share)
{
    tcp::acceptor probe{loop};
    probe.open(at.protocol());
    probe.set_option(net::socket_base::reuse_address{true});  // past TIME_WAIT, not past a listener
    if (share) probe.set_option(reuse_port{true});
    probe.bind(at);
}

listener::listener(http_context& context, router const& routes, tcp::endpoint const& at)
    : context_{context},
      routes_{routes},
      acceptor_{context.loop},
      closing_{context.loop},
      rest_{context.loop}
{
    acceptor_.open(at.protocol());
    acceptor_.set_option(net::socket_base::reuse_address{true});
    acceptor_.set_option(reuse_port{true});
    acceptor_.set_option(tcp::no_delay{true});  // accepted sockets inherit it
    acceptor_.bind(at);
    acceptor_.non_blocking(true);
    acceptor_.listen(net::socket_base::max_listen_connections);
}

void listener::start() { wait(); }

// Half a second is longer than a handshake takes that has begun, and shorter than the second after
// which a client whose SYN was dropped tries again. What is left in the queue is accepted at last.
void listener::hand_over()
{
    drop_new_clients(acceptor_.native_handle());
    closing_.expires_after(std::chrono::milliseconds{500});
    auto const on_time = [this](error_code ec) {
        if (ec || !acceptor_.is_open()) return;
        std::ignore = take_waiting();
        stop();
    };
    until_memory([&] { closing_.async_wait(on_time); });
}

void listener::stop()
{
    error_code ignored;
    acceptor_.close(ignored);
    closing_.cancel();
    rest_.cancel();
}

// Waits for clients, and goes on for ever. Not a coroutine: without memory for the wait, Asio ends
// a coroutine for good, and the shard would never accept again. until_memory() tries again instead.
void listener::wait()
{
    auto const on_ready = [this](error_code ec) {
        if (ec || !acceptor_.is_open()) return;
        std::chrono::milliseconds rest{100};
        try {
            rest = take_waiting();
        } catch (std::exception const&) {  // no memory, not even to say so
        }
        if (rest.count() > 0) return wait_after(rest);
        wait();
    };
    until_memory([&] { acceptor_.async_wait(tcp::acceptor::wait_read, on_ready); });
}

void listener::wait_after(std::chrono::milliseconds rest)
{
    rest_.expires_after(rest);
    auto const on_time = [this](error_code) {
        if (acceptor_.is_open()) wait();
    };
    until_memory([&] { rest_.async_wait(on_time); });
}

// Accepts up to 64 clients, so that others on this loop get their turn too. Returns how long to
// pause accepting, until places, descriptors or memory may be free; 0: not at all.
//
// The place is taken before accept(2). Whoever finds none, not even as a guest, waits in the
// kernel's queue and takes nothing of this process.
std::chrono::milliseconds listener::take_waiting()
{
    constexpr int at_once = 64;
    for (int i = 0; i < at_once; ++i) {
        arrival from;
        from.place = find_place();
        if (!from.place) return std::chrono::milliseconds{20};
        sockaddr_storage address{};
        socklen_t size = sizeof address;
        from.socket =
            unique_fd{::accept4(acceptor_.native_handle(), reinterpret_cast<sockaddr*>(&address),
                                &size, SOCK_NONBLOCK | SOCK_CLOEXEC)};
        if (from.socket) {
            from.remote = address_of(address);
            if (!try_take(std::move(from))) return complain("out of memory");
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return std::chrono::milliseconds{0};
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            return complain(error_code{errno, boost::system::system_category()}.message());
        }  // else that one went before it was its turn (accept(2))
    }
    return std::chrono::milliseconds{0};
}

// A place among the process' connections, or else among its guests, who are served one request
// each: a full gateway still answers /healthz and its own polling clients.
quota_share listener::find_place() const
{
    quota_share place{context_.capacity.connections};
    return place ? std::move(place) : quota_share{context_.capacity.guests};
}

// Logs why nobody can be accepted, once a second at most: without descriptors each client is a
// reason to. Returns how long to pause accepting.
std::chrono::milliseconds listener::complain(std::string_view why)
{
    if (context_.clock.now() >= next_complaint_) {
        next_complaint_ = context_.clock.after(milliseconds{1'000});
        spdlog::warn("cannot accept connections: {}; trying again soon", why);
    }
    return std::chrono::milliseconds{100};
}

// Without memory the client is dropped and the next one waits: there would be none for it either.
bool listener::try_take(arrival from) noexcept
{
    try {
        http_connection::begin(context_, routes_, std::move(from));
        return true;
    } catch (std::bad_alloc const&) {
        return false;
    }
}

}  // namespace notify
