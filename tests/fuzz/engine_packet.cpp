// SPDX-License-Identifier: MIT
#include "protocol/engine_packet.hpp"

#include "fuzz/targets.hpp"

#include <string>

namespace notify::fuzz {

void engine_packet(std::string_view bytes)
{
    if (auto const p = eio::parse_packet(bytes)) {
        must(!p->is_binary, "text is no binary message");
        must(static_cast<char>('0' + static_cast<int>(p->type)) + std::string{p->data} == bytes,
             "a packet is its type and its data");
    }
    for (eio::dialect const d : {eio::dialect{4, true}, eio::dialect{3, true}}) {
        std::string decoded;
        auto const p = eio::parse_packet(bytes, decoded, d);
        must(!p || !p->is_binary || p->type == eio::packet_type::message,
             "only a message is binary");
        must(!p || !p->is_binary || bytes.starts_with('b'), "only what has a b is base64");
    }
    for (eio::dialect const d : {eio::dialect{4, false}, eio::dialect{3, false}}) {
        auto const p = eio::parse_binary_packet(bytes, d);
        must(!p || (p->is_binary && p->type == eio::packet_type::message),
             "what comes in binary is a message");
        must(!p || bytes.ends_with(p->data), "a binary message is the end of its frame");
        must(p || d.is_v3(), "any bytes are a binary message of protocol 4");
    }
}

}  // namespace notify::fuzz
