// SPDX-License-Identifier: MIT
//
// Sockets on loopback only: the bench must not load another machine. All functions throw
// std::runtime_error if there is no socket.
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

// Starts connecting a non-blocking socket from the n-th of several source addresses (from 127.0.0.2
// on), since one address has at most 28,000 ports.
[[nodiscard]] unique_fd begin_connect(sockaddr_in const& to, std::size_t n);

// A non-blocking socket that is bound to a free port of 127.0.0.1, which is written to at.
[[nodiscard]] unique_fd bind_to_free_port(sockaddr_in& at);

}  // namespace notify::bench
