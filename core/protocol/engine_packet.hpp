// SPDX-License-Identifier: MIT
//
// Engine.IO packets, protocols 3 and 4: a type digit and its data, such as `2probe` or `42["x"]`
// (docs/protocol.md, Engine.IO 4). On a WebSocket one frame is one packet; a polling body joins
// several (engine_payload).
//
// Parsing looks at the first bytes only and copies nothing, except for base64. What a packet means,
// and whether it may come now, is for the session. Pure functions; any thread may call them.
#pragma once

#include "protocol/engine_dialect.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace notify::eio {

// In the order of their digits, 0 to 6.
enum class packet_type : std::uint8_t { open, close, ping, pong, message, upgrade, noop };

struct packet {
    packet_type type = packet_type::noop;
    bool is_binary = false;  // only a message can be
    // What follows the type; of a binary message all of it. A view into what was parsed.
    std::string_view data;
};

// Parses one packet in text. Returns nothing if it is empty or its type is not one of the seven:
// the session has to end (parse_error). Does not check that text is UTF-8, which a WebSocket's is
// by its protocol and which payload_reader checks for a polling body.
[[nodiscard]] std::optional<packet> parse_packet(std::string_view text);

// The same where a binary message may stand in text, as `b` (`b4` in protocol 3) and base64: in a
// polling body, and on the WebSocket of a client that sends no binary frames (`forceBase64`). Then
// the bytes go to decoded, whose content is replaced, and data is a view into it. Returns nothing
// for malformed base64 too.
[[nodiscard]] std::optional<packet> parse_packet(std::string_view text, std::string& decoded,
                                                 dialect d = {});

// Parses a packet that came in a binary frame: in protocol 4 a message as it is, in protocol 3 the
// type byte 0x04 and the message. Returns nothing if protocol 3 names any other type, or none: only
// messages are binary.
[[nodiscard]] std::optional<packet> parse_binary_packet(std::string_view bytes, dialect d);

}  // namespace notify::eio
