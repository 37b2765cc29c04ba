// SPDX-License-Identifier: MIT
//
// Engine.IO packets, protocol 4: a type digit and its data. On a WebSocket one
// frame is one packet; a polling body joins several (engine_payload).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace notify::eio {

enum class packet_type : std::uint8_t { open, close, ping, pong, message, upgrade, noop };

struct packet {
    packet_type type = packet_type::noop;
    bool is_binary = false;  // only a message can be
    // A view into what was parsed, without the type digit.
    std::string_view data;
};

// Parses one packet in text. Nothing if the type is not one of the seven.
[[nodiscard]] std::optional<packet> parse_packet(std::string_view text);

}  // namespace notify::eio
