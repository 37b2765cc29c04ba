// SPDX-License-Identifier: MIT
#include "loopback.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace notify::bench {

namespace {

constexpr std::uint32_t first_source = 0x7f000002;  // 127.0.0.2
constexpr std::size_t sources = 16;

[[noreturn]] void fail(std::string const& what)
{
    throw std::runtime_error{fmt::format("{}: {}", what, std::strerror(errno))};
}

sockaddr const* as_address(auto const& a) { return reinterpret_cast<sockaddr const*>(&a); }

unique_fd connect_local(std::string const& path)
{
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    if (path.size() >= sizeof to.sun_path)
        throw std::runtime_error{"too long for a unix socket: " + path};
    path.copy(to.sun_path, path.size());
    unique_fd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (::connect(fd.get(), as_address(to), sizeof to) != 0) fail("cannot connect to " + path);
    return fd;
}

}  // namespace

sockaddr_in loopback_endpoint(stream_address const& at)
{
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(at.port);
    std::string const host = at.host == "localhost" ? "127.0.0.1" : at.host;
    if (at.how != stream_address::kind::plain ||
        ::inet_pton(AF_INET, host.c_str(), &to.sin_addr) != 1 ||
        ntohl(to.sin_addr.s_addr) >> 24 != 127)
        throw std::runtime_error{
            fmt::format("{} is not a loopback address, such as 127.0.0.1", at.to_string())};
    return to;
}

unique_fd connect_now(stream_address const& at)
{
    if (at.how == stream_address::kind::local) return connect_local(at.path);
    sockaddr_in const to = loopback_endpoint(at);
    unique_fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (::connect(fd.get(), as_address(to), sizeof to) != 0)
        fail("cannot connect to " + at.to_string());
    int const on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

unique_fd begin_connect(sockaddr_in const& to, std::size_t n)
{
    unique_fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!fd) fail("cannot make a socket");
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(first_source + static_cast<std::uint32_t>(n % sources));
    int const on = 1;
    // The port is chosen at connect(), when the kernel knows what it must differ from.
    ::setsockopt(fd.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::bind(fd.get(), as_address(from), sizeof from) != 0) fail("cannot bind a client");
    if (::connect(fd.get(), as_address(to), sizeof to) != 0 && errno != EINPROGRESS)
        fail("cannot connect a client");
    return fd;
}

}  // namespace notify::bench
