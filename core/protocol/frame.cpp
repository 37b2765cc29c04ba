// SPDX-License-Identifier: MIT
#include "protocol/frame.hpp"

#include "protocol/websocket_frame.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <new>
#include <stdexcept>

namespace notify {

static_assert(sizeof(frame) == sizeof(void*), "queues hold frames by the million");

frame frame::make(std::uint8_t opcode, std::span<std::string_view const> pieces)
{
    auto const op = static_cast<ws::opcode>(opcode);
    std::size_t payload_size = 0;
    for (std::string_view const piece : pieces) payload_size += piece.size();
    std::array<char, ws::max_header_size> head;
    std::size_t const head_size = ws::write_header(head, op, payload_size);
    std::size_t const size = head_size + payload_size;
    if (size > std::numeric_limits<std::uint32_t>::max())
        throw std::length_error("a frame holds less than 4 GiB");

    auto* const b = new (::operator new(sizeof(block) + size)) block;
    b->size = static_cast<std::uint32_t>(size);
    b->header_size = static_cast<std::uint8_t>(head_size);
    b->is_binary = op == ws::opcode::binary;
    b->is_pong = op == ws::opcode::pong;
    char* to = std::copy_n(head.data(), head_size, b->bytes());
    for (std::string_view const piece : pieces) to = std::copy_n(piece.data(), piece.size(), to);
    return frame{boost::intrusive_ptr<block>{b}};
}

void frame::destroy(block* b) noexcept
{
    b->~block();
    ::operator delete(b);
}

frame frame::text(std::string_view packet) { return text({packet}); }

frame frame::text(std::initializer_list<std::string_view> pieces)
{
    return make(static_cast<std::uint8_t>(ws::opcode::text), {pieces.begin(), pieces.size()});
}

frame frame::binary(std::string_view payload)
{
    return make(static_cast<std::uint8_t>(ws::opcode::binary), {&payload, 1});
}

frame frame::pong(std::string_view payload)
{
    assert(payload.size() <= 125);
    return make(static_cast<std::uint8_t>(ws::opcode::pong), {&payload, 1});
}

frame frame::close(std::uint16_t code, std::string_view reason)
{
    assert(reason.size() <= 123);
    std::array<char, 2> const number{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
    std::array<std::string_view, 2> const pieces{std::string_view{number.data(), 2}, reason};
    return make(static_cast<std::uint8_t>(ws::opcode::close), pieces);
}

std::string_view frame::wire() const { return {block_->bytes(), block_->size}; }

std::string_view frame::packet() const { return wire().substr(block_->header_size); }

}  // namespace notify
