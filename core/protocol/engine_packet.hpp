// SPDX-License-Identifier: MIT
//
// Engine.IO packets, protocols 3 and 4: a type digit and its data. On a WebSocket
// one frame is one packet; a polling body joins several (engine_payload).
#pragma once

#include "protocol/engine_dialect.hpp"

#include <cstdint>
#include <optional>
#include <string>
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

// As above, or a binary message as `b` (`b4` in protocol 3) and base64, whose
// bytes go to decoded: so it stands in a polling body, and on the WebSocket of a
// client that sends no binary frames (`forceBase64`). data is then a view into
// decoded.
[[nodiscard]] std::optional<packet> parse_packet(std::string_view text, std::string& decoded,
                                                 dialect d = {});

// Parses one packet in binary: a message as it is, in protocol 3 after its type
// byte. Nothing if that names anything but a message.
[[nodiscard]] std::optional<packet> parse_binary_packet(std::string_view bytes, dialect d);

}  // namespace notify::eio
