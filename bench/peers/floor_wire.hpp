// SPDX-License-Identifier: MIT
//
// The floor's end of a WebSocket: the answer to an upgrade, short frames out, a client's frames
// in; no socket. It knows what well-behaved clients send, and nothing else: no fragments, no
// extensions, no checks.
#pragma once

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace notify::bench {

// The value of Sec-WebSocket-Key in a request's head; "" if there is none.
inline std::string_view websocket_key(std::string_view head)
{
    static constexpr std::string_view name = "\r\nsec-websocket-key:";
    auto const same = [](unsigned char a, unsigned char b) { return std::tolower(a) == b; };
    auto const* const found = std::search(head.begin(), head.end(), name.begin(), name.end(), same);
    if (found == head.end()) return {};
    std::string_view value{found + name.size(), head.end()};
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    return value.substr(0, value.find_first_of(" \r"));
}

// RFC 6455 section 4.2.2.
inline std::string upgrade_answer(std::string_view key)
{
    std::string const salted = std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
    SHA1(reinterpret_cast<unsigned char const*>(salted.data()), salted.size(), digest.data());
    std::array<unsigned char, 29> accept;  // 28 characters of base64, and OpenSSL's NUL
    EVP_EncodeBlock(accept.data(), digest.data(), static_cast<int>(digest.size()));
    std::string answer = "HTTP/1.1 101 Switching Protocols\r\n"
                         "Upgrade: websocket\r\n"
                         "Connection: Upgrade\r\n"
                         "Sec-WebSocket-Accept: ";
    answer.append(reinterpret_cast<char const*>(accept.data()), accept.size() - 1);
    return answer.append("\r\n\r\n");
}

// Appends a text frame. REQUIRES: text of at most 125 bytes, as all are but notifications.
inline void append_short_frame(std::string& out, std::string_view text)
{
    out.append({'\x81', static_cast<char>(text.size())}).append(text);
}

// Makes a frame of a message's text: all around it is there already.
class notification_frame {
public:
    // Valid until the next call.
    [[nodiscard]] std::string_view around(std::string_view text);

private:
    static constexpr std::string_view before_ =
        R"(42/io/user/notifications,["notification",{"message":")";
    static constexpr std::string_view after_ = R"("}])";
    static constexpr std::size_t head_ = 10;  // room for the longest header, right before before_

    std::size_t put_header(std::size_t payload);

    std::vector<char> bytes_ = [] {
        std::vector<char> b(head_ + before_.size() + 4096);
        std::memcpy(&b[head_], before_.data(), before_.size());
        return b;
    }();
};

inline std::string_view notification_frame::around(std::string_view text)
{
    std::size_t const payload = before_.size() + text.size() + after_.size();
    if (bytes_.size() < head_ + payload) bytes_.resize(head_ + payload);
    char* const at = &bytes_[head_ + before_.size()];
    std::memcpy(at, text.data(), text.size());
    std::memcpy(at + text.size(), after_.data(), after_.size());
    std::size_t const header = put_header(payload);
    return {&bytes_[head_ - header], header + payload};
}

// Returns its size (RFC 6455 section 5.2).
inline std::size_t notification_frame::put_header(std::size_t payload)
{
    std::size_t const more = payload < 126 ? 0 : payload <= 0xffff ? 2 : 8;
    char* const at = &bytes_[head_ - 2 - more];
    at[0] = '\x81';
    at[1] = static_cast<char>(more == 0 ? payload : more == 2 ? 126 : 127);
    for (std::size_t i = 0; i < more; ++i)
        at[2 + i] = static_cast<char>(payload >> 8 * (more - 1 - i));
    return 2 + more;
}

struct client_frame {
    unsigned opcode = 0;
    std::string_view payload;
};

// Takes one frame from the front of bytes and unmasks it in place; nothing while it is cut.
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
    client_frame const frame{byte(0) & 0x0fu, {payload.data(), payload.size()}};
    bytes = bytes.subspan(head + length);
    return frame;
}

}  // namespace notify::bench
