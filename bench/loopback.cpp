// SPDX-License-Identifier: MIT
#include "loopback.hpp"

#include "poller.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>

namespace notify::bench {

namespace {

constexpr std::uint32_t first_source = 0x7f000002;  // 127.0.0.2
constexpr std::size_t sources = 16;

sockaddr const* as_address(auto const& a) { return reinterpret_cast<sockaddr const*>(&a); }

unique_fd make_socket(int family, int flags = 0)
{
    unique_fd fd{::socket(family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0)};
    check(fd.get(), "cannot make a socket");
    int const on = 1;
    if (family == AF_INET) ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

}  // namespace

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

unique_fd connect_to(sockaddr_in const& server)
{
    unique_fd fd = make_socket(AF_INET);
    check(::connect(fd.get(), as_address(server), sizeof server), "cannot connect to the server");
    return fd;
}

unique_fd connect_to(std::filesystem::path const& unix_socket)
{
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    unix_socket.native().copy(to.sun_path, sizeof to.sun_path - 1);
    unique_fd fd = make_socket(AF_UNIX);
    check(::connect(fd.get(), as_address(to), sizeof to), unix_socket.c_str());
    return fd;
}

unique_fd begin_connect(sockaddr_in const& to, std::size_t n)
{
    unique_fd fd = make_socket(AF_INET, SOCK_NONBLOCK);
    sockaddr_in from = loopback(0);
    from.sin_addr.s_addr = htonl(first_source + static_cast<std::uint32_t>(n % sources));
    int const on = 1;
    // Leaves the choice of the port to connect(): the kernel then knows the other end, and may give
    // the same port to connections with different ends.
    ::setsockopt(fd.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    check(::bind(fd.get(), as_address(from), sizeof from), "cannot bind a client");
    if (::connect(fd.get(), as_address(to), sizeof to) != 0 && errno != EINPROGRESS)
        check(-1, "cannot connect a client");
    return fd;
}

unique_fd bind_to_free_port(sockaddr_in& at)
{
    unique_fd fd = make_socket(AF_INET, SOCK_NONBLOCK);
    at = loopback(0);
    socklen_t size = sizeof at;
    check(::bind(fd.get(), as_address(at), size), "cannot bind to a port");
    check(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&at), &size), "cannot name a port");
    return fd;
}

}  // namespace notify::bench
