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

std::optional<packet> parse_packet(std::string_view text, std::string& decoded)
{
    if (!text.starts_with('b')) return parse_packet(text);
    auto bytes = decode_base64(text.substr(1));
    if (!bytes) return std::nullopt;
    decoded = std::move(*bytes);
    return packet{packet_type::message, true, decoded};
}

}  // namespace notify::eio
