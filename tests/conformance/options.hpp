// SPDX-License-Identifier: MIT
//
// What echo_server was told on its command line.
#pragma once

#include "session/engine_options.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace notify::conformance {

struct echo_options {
    // Ports on loopback; nothing: not served.
    std::optional<std::uint16_t> sio;
    std::optional<std::uint16_t> eio;
    std::optional<std::uint16_t> ws;
    eio::engine_options engine;
    std::size_t max_message = 64 * 1024 * 1024;  // over a raw WebSocket
};

// Throws what cli::run() takes.
[[nodiscard]] echo_options parse_options(int argc, char const* const* argv);

}  // namespace notify::conformance
