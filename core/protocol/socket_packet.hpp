// SPDX-License-Identifier: MIT
//
// Socket.IO packets, protocol 5:
//
//     <type>[<attachments>-][<namespace>,][<ack id>][<JSON>]
//
// Text is all there is here; binary arguments travel as messages of their own
// and stand in the JSON as {"_placeholder":true,"num":n}.
#pragma once

#include "base/json.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace notify::sio {

enum class packet_type : std::uint8_t {
    connect,
    disconnect,
    event,
    ack,
    connect_error,
    binary_event,
    binary_ack,
};

inline constexpr std::size_t max_attachments = 10;

struct packet {
    packet_type type = packet_type::connect;
    std::size_t attachments = 0;  // of a binary event or ack, still to come
    std::string_view ns = "/";
    std::optional<std::uint64_t> id;  // of the acknowledgement asked for or given
    std::string_view data;            // JSON text, may be empty
};

// Splits a packet into its parts; data is not looked at. Views into text.
[[nodiscard]] std::optional<packet> parse_packet(std::string_view text);

// Parses data as the packet's type demands: an object or nothing to connect, an
// array beginning with a name to an event, an array to an ack. Nothing if it is
// anything else.
[[nodiscard]] std::optional<json> parse_data(packet const& p);

// Puts received attachments in the places that wait for them, as JSON binary
// values. Returns false if a placeholder names none of them, or one that is
// placed already.
[[nodiscard]] bool put_attachments(json& data, std::vector<std::string> const& attachments);

// The other way: moves binary values out of data and leaves placeholders.
[[nodiscard]] std::vector<std::string> take_attachments(json& data);

// Starts an Engine.IO message that holds a Socket.IO packet, up to where its
// JSON goes: `42/ns,7`.
[[nodiscard]] std::string begin_packet(packet_type type, std::string_view ns,
                                       std::optional<std::uint64_t> id = {},
                                       std::size_t attachments = 0);

}  // namespace notify::sio
