// SPDX-License-Identifier: MIT
//
// Socket.IO packets (docs/protocol.md, Socket.IO 5 and 4):
//
//     <type>[<attachments>-][<namespace>,][<ack id>][<JSON>]
//     2/chat,7["say","Hey"]               an event "say" in /chat that asks for acknowledgement 7
//     51-["file",{"_placeholder":true,"num":0}]        one in / that a binary message follows
//
// Such a packet is the data of an Engine.IO message. It is always text: binary arguments travel as
// messages of their own and stand in the JSON as placeholders.
//
// Parsing has two steps. parse_packet() finds the parts without a copy; parse_data() makes values
// of the JSON and checks that they fit the type. socketio/connection assembles packets and
// attachments and decides what they mean; the client and the contract use the same functions.
// Pure functions; any thread may call them. What is malformed is nothing, not an error with words:
// the session ends with parse_error either way.
#pragma once

#include "base/json.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace notify::sio {

// In the order of their digits, 0 to 6.
enum class packet_type : std::uint8_t {
    connect,
    disconnect,
    event,
    ack,
    connect_error,
    binary_event,
    binary_ack,
};

// How many attachments a packet may announce. A session waits for them with the packet in memory.
inline constexpr std::size_t max_attachments = 10;

// The parts of a packet, as views into its text.
struct packet {
    packet_type type = packet_type::connect;
    std::size_t attachments = 0;  // of a binary event or ack, still to come
    // With its slash. A CONNECT of Socket.IO 4 has its query behind it: "/chat?token=1".
    std::string_view ns = "/";
    std::optional<std::uint64_t> id;  // of the acknowledgement asked for or given
    std::string_view data;            // JSON text, may be empty
};

// Splits text, which has no Engine.IO type any more, into its parts. Does not look at data. Returns
// nothing for an unknown type, a number of attachments that is missing or not 1 to max_attachments,
// and an id of more than 64 bits.
[[nodiscard]] std::optional<packet> parse_packet(std::string_view text);

// Parses data as the packet's type demands: for CONNECT an object, or a JSON null if there is no
// data; for DISCONNECT a null for no data; for an event an array that begins with its name; for an
// ACK an array; for CONNECT_ERROR an object or a string. Returns nothing if it is anything else, or
// not JSON, or nested too deep. The value needs a json_scope: it holds what a stranger sent.
[[nodiscard]] std::optional<json> parse_data(packet const& p);

// Replaces the placeholders in data by the received attachments, as JSON binary values. Attachments
// that no placeholder names are dropped. Returns false, with data half done, if a placeholder names
// an attachment that is not there, or one that has been placed already.
[[nodiscard]] bool put_attachments(json& data, std::vector<std::string> const& attachments);

// The other way, for sending: moves binary values out of data, in the order in which they stand,
// and leaves placeholders. The result is what has to follow the packet, one message each.
[[nodiscard]] std::vector<std::string> take_attachments(json& data);

// Returns the beginning of an Engine.IO message that holds a Socket.IO packet, up to where its JSON
// goes: `42/ns,7`. The leading 4 is Engine.IO's type. attachments is written for binary types only.
// REQUIRES: ns begins with a slash and has no comma.
[[nodiscard]] std::string begin_packet(packet_type type, std::string_view ns,
                                       std::optional<std::uint64_t> id = {},
                                       std::size_t attachments = 0);

}  // namespace notify::sio
