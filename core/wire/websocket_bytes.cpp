// SPDX-License-Identifier: MIT
#include "wire/websocket_bytes.hpp"

#include "protocol/websocket_frame.hpp"

#include <algorithm>
#include <array>

namespace notify {

namespace {

ws::opcode opcode_of(frame const& f)
{
    if (f.is_pong()) return ws::opcode::pong;
    return f.is_binary() ? ws::opcode::binary : ws::opcode::text;
}

}  // namespace

void put_websocket_header(frame const& f)
{
    std::array<char, ws::max_header_size> header;
    std::size_t const size = ws::write_header(header, opcode_of(f), f.packet().size());
    f.put_header(std::span{header}.first(size));
}

// Copies frames together instead of giving the kernel a list of them (writev): for small ones the
// copy costs less. One that does not fit into scratch goes alone, without a copy.
websocket_write next_write(eio::outbox const& queue, std::span<char> scratch)
{
    auto const queued = queue.frames();
    std::string_view const first = websocket_bytes(queued[0]).substr(queue.sent());
    if (queued.size() == 1 || first.size() + websocket_bytes(queued[1]).size() > scratch.size())
        return {first, 1};
    char* to = std::copy_n(first.data(), first.size(), scratch.data());
    char const* const end = scratch.data() + scratch.size();
    std::size_t frames = 1;
    for (; frames < queued.size(); ++frames) {
        std::string_view const bytes = websocket_bytes(queued[frames]);
        if (bytes.size() > static_cast<std::size_t>(end - to)) break;
        to = std::copy_n(bytes.data(), bytes.size(), to);
    }
    return {{scratch.data(), static_cast<std::size_t>(to - scratch.data())}, frames};
}

// All of it is the usual case. Otherwise the frames are walked from the first one, whose bytes that
// an earlier write has sent count too.
void take_sent(eio::outbox& queue, websocket_write const& w, std::size_t sent)
{
    if (sent == w.bytes.size()) return queue.pop(w.frames);
    auto const queued = queue.frames();
    std::size_t whole = 0;
    std::size_t left = queue.sent() + sent;
    for (; left >= websocket_bytes(queued[whole]).size(); ++whole)
        left -= websocket_bytes(queued[whole]).size();
    queue.pop(whole, left);
}

}  // namespace notify
