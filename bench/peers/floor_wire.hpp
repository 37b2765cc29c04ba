// SPDX-License-Identifier: MIT
//
// The bytes that the floor sends to clients, and a reader for the few that it must understand: it
// searches for what well-behaved clients send. No fragments, no extensions, no checks; no socket.
#pragma once

#include "protocol/websocket_accept.hpp"
#include "protocol/websocket_frame.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace notify::bench {

inline constexpr std::string_view ns_connect = "40/io/user/notifications,";
inline constexpr std::string_view subscription_ok =
    R"(42/io/user/notifications,["internal",{"type":"success","code":"SUBSCRIPTION_OK",)"
    R"("message":"subscribed"}])";
inline constexpr std::string_view before_text =
    R"(42/io/user/notifications,["notification",{"message":")";
inline constexpr std::string_view after_text = R"("}])";

// Returns the text between begin and end; "" if one is missing.
inline std::string_view between(std::string_view text, std::string_view begin, char end)
{
    auto const at = text.find(begin);
    if (at == text.npos) return {};
    text.remove_prefix(at + begin.size());
    return text.substr(0, text.find(end));
}

// Returns the answer that completes the upgrade which a request's head asks for; "" if it asks for
// none.
inline std::string upgrade_answer(std::string_view head)
{
    constexpr std::string_view name = "sec-websocket-key: ";
    auto const same = [](unsigned char a, unsigned char b) { return std::tolower(a) == b; };
    auto const* const found = std::search(head.begin(), head.end(), name.begin(), name.end(), same);
    if (found == head.end()) return {};
    std::string_view const key{found + name.size(), head.end()};
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: " +
           ws::accept_for(key.substr(0, key.find('\r'))) + "\r\n\r\n";
}

// Appends a text frame with these parts.
inline void append_frame(std::string& out, std::initializer_list<std::string_view> parts)
{
    std::size_t size = 0;
    for (std::string_view const p : parts) size += p.size();
    std::array<char, ws::max_header_size> header;
    out.append(header.data(), ws::write_header(header, ws::opcode::text, size));
    for (std::string_view const p : parts) out.append(p);
}

struct client_frame {
    ws::opcode opcode;
    std::string_view payload;
};

// Takes one frame from the front of bytes and unmasks it in place (RFC 6455 section 5.2). Returns
// nothing if it is not complete.
inline std::optional<client_frame> take_frame(std::span<char>& bytes)
{
    auto const byte = [&bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    if (bytes.size() < 2) return std::nullopt;
    std::size_t length = byte(1) & 0x7f;
    std::size_t const more = length < 126 ? 0 : length == 126 ? 2 : 8;
    std::size_t const head = 2 + more + 4;
    if (bytes.size() < head) return std::nullopt;
    if (more > 0) length = 0;
    for (std::size_t i = 0; i < more; ++i) length = length << 8 | byte(2 + i);
    if (bytes.size() - head < length) return std::nullopt;
    std::span<char> const payload = bytes.subspan(head, length);
    for (std::size_t i = 0; i < length; ++i)
        payload[i] = static_cast<char>(payload[i] ^ bytes[head - 4 + i % 4]);
    client_frame const frame{static_cast<ws::opcode>(byte(0) & 0x0f),
                             {payload.data(), payload.size()}};
    bytes = bytes.subspan(head + length);
    return frame;
}

}  // namespace notify::bench
