// SPDX-License-Identifier: MIT
//
// Sockets that stay on this machine: what the bench does must not reach another.
// All throw std::runtime_error if there is no socket to be had.
#pragma once

#include "base/unique_fd.hpp"

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace notify::bench {

// A port of 127.0.0.1.
[[nodiscard]] sockaddr_in loopback(std::uint16_t port);

// Connected, blocking sockets.
[[nodiscard]] unique_fd connect_to(sockaddr_in const& server);
[[nodiscard]] unique_fd connect_to(std::filesystem::path const& unix_socket);

// Begins to connect a socket that does not block, from the n-th of several
// source addresses (127.0.0.2 and on), since one has 28,000 ports at most.
[[nodiscard]] unique_fd begin_connect(sockaddr_in const& to, std::size_t n);

// A socket bound to a free port of 127.0.0.1, which at is told. It does not block.
[[nodiscard]] unique_fd bind_to_free_port(sockaddr_in& at);

}  // namespace notify::bench
