// SPDX-License-Identifier: MIT
#include "protocol/engine_packet.hpp"

namespace notify::eio {

std::optional<packet> parse_packet(std::string_view text)
{
    if (text.empty() || text.front() < '0' || text.front() > '6') return std::nullopt;
    auto const type = static_cast<packet_type>(text.front() - '0');
    return packet{type, false, text.substr(1)};
}

}  // namespace notify::eio
