// SPDX-License-Identifier: MIT
#include "protocol/engine_packet.hpp"

#include "base/base64.hpp"

#include <utility>

namespace notify::eio {

std::optional<packet> parse_packet(std::string_view text)
{
    if (text.empty() || text.front() < '0' || text.front() > '6') return std::nullopt;
    auto const type = static_cast<packet_type>(text.front() - '0');
    return packet{type, false, text.substr(1)};
}

// `b` is none of the type digits, so one look at the first character tells the two forms apart.
std::optional<packet> parse_packet(std::string_view text, std::string& decoded, dialect d)
{
    if (!text.starts_with('b')) return parse_packet(text);
    text.remove_prefix(1);
    if (d.is_v3()) {
        // Other types have no binary form; `b2` is not a ping.
        if (!text.starts_with('4')) return std::nullopt;
        text.remove_prefix(1);
    }
    auto bytes = decode_base64(text);
    if (!bytes) return std::nullopt;
    decoded = std::move(*bytes);
    return packet{packet_type::message, true, decoded};
}

std::optional<packet> parse_binary_packet(std::string_view bytes, dialect d)
{
    if (d.is_v3()) {
        if (!bytes.starts_with('\x04')) return std::nullopt;
        bytes.remove_prefix(1);
    }
    return packet{packet_type::message, true, bytes};
}

}  // namespace notify::eio
