// SPDX-License-Identifier: MIT
//
// Sockets that stay on this machine: what the bench does must not reach another.
#pragma once

#include "base/stream.hpp"
#include "base/unique_fd.hpp"

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>

namespace notify::bench {

// Connects, blocking, to a unix socket or to a port of 127.0.0.0/8. Throws
// std::runtime_error, also for any other address.
[[nodiscard]] unique_fd connect_now(stream_address const& at);

// An address of 127.0.0.0/8 in numbers. Throws std::runtime_error for any other.
[[nodiscard]] sockaddr_in loopback_endpoint(stream_address const& at);

// Begins to connect a socket that does not block, from the n-th of several
// source addresses (127.0.0.2 and on), since one has 28,000 ports at most.
// Throws std::runtime_error if that fails at once.
[[nodiscard]] unique_fd begin_connect(sockaddr_in const& to, std::size_t n);

}  // namespace notify::bench
