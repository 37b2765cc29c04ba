// SPDX-License-Identifier: MIT
#include "gateway/port_check.hpp"

#include "http/listener.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <stdexcept>

namespace notify {

namespace {

// Returns what to do, for the errors that people meet; each names the option to change.
std::string reason(tcp::endpoint const& at, error_code const& why, bool share)
{
    switch (why.value()) {
    case EADDRINUSE:
        if (share) return "what listens there does not share it; choose another --port";
        return "stop what listens there, or choose another --port";
    case EADDRNOTAVAIL:
        return fmt::format("that is no address of this machine; give --host one that is, or {} "
                           "for all of them",
                           at.address().is_v6() ? "::" : "0.0.0.0");
    case EAFNOSUPPORT: return "this machine has no IPv6; choose a --host such as 127.0.0.1";
    case EACCES:
        return "ports as low as this one need a privilege; choose another --port, with Nginx in "
               "front of it, or give the program CAP_NET_BIND_SERVICE";
    default: return "choose another --host or --port";
    }
}

}  // namespace

std::string cannot_listen(tcp::endpoint const& at, error_code const& why, bool share)
{
    auto const host = at.address().is_v6() ? fmt::format("[{}]", at.address().to_string())
                                           : at.address().to_string();
    return fmt::format("cannot listen on {}:{}: {}; {}", host, at.port(), why.message(),
                       reason(at, why, share));
}

// Binds a socket there and closes it again. It never listens, so nobody can connect to it
// meanwhile.
void check_port(tcp::endpoint const& at, bool share)
{
    net::io_context loop;
    try {
        check_port_is_free(loop, at, share);
    } catch (boost::system::system_error const& e) {
        throw std::runtime_error{cannot_listen(at, e.code(), share)};
    }
}

}  // namespace notify
