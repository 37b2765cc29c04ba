// SPDX-License-Identifier: MIT
#include "websocket_tab.hpp"

#include <fmt/format.h>

namespace notify::bench {

namespace {

// The same key for all: only a client checks Sec-WebSocket-Accept, and these don't.
constexpr std::string_view upgrade_head = " HTTP/1.1\r\n"
                                          "Host: 127.0.0.1\r\n"
                                          "Upgrade: websocket\r\n"
                                          "Connection: Upgrade\r\n"
                                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                          "Sec-WebSocket-Version: 13\r\n";

constexpr std::uint32_t masking_key = 0x5a17c3e9;  // any will do on loopback

}  // namespace

void websocket_tab::on_connected()
{
    reader_ = {};
    head_ = {};
    upgraded_ = false;
    send_bytes(fmt::format("GET {}{}{}\r\n", target(), upgrade_head, cookie_header()));
}

std::string websocket_tab::target() const { return "/socket.io/?EIO=4&transport=websocket"; }

void websocket_tab::on_bytes(std::span<char> bytes)
{
    if (!upgraded_) take_head(bytes);
    using kind = ws::event::kind;
    while (open()) {
        ws::event const e = reader_.next(bytes, ws::role::client, 1 << 20);
        switch (e.what) {
        case kind::text: on_text(e.payload); break;
        case kind::ping: send_frame(ws::opcode::pong, e.payload); break;
        case kind::need_more: return;
        case kind::close: return fail(fmt::format("closed with {} {}", e.code, e.payload));
        default: return fail("a frame that was not expected");
        }
    }
}

// Leaves in bytes what follows the head; nothing if the head is not complete.
void websocket_tab::take_head(std::span<char>& bytes)
{
    std::size_t const had = head_.size();
    head_.append(bytes.data(), bytes.size());
    auto const end = head_.find("\r\n\r\n");
    if (end == head_.npos) {
        bytes = {};
        return;
    }
    bytes = bytes.subspan(end + 4 - had);
    if (!head_.starts_with("HTTP/1.1 101 "))
        return fail("not upgraded: " + head_.substr(0, head_.find('\r')));
    head_ = {};
    upgraded_ = true;
    on_upgraded();
}

void websocket_tab::send_frame(ws::opcode op, std::string_view payload)
{
    std::string bytes;
    ws::append_masked_frame(bytes, op, payload, masking_key);
    send_bytes(bytes);
}

}  // namespace notify::bench
