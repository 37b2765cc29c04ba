// SPDX-License-Identifier: MIT
#include "protocol/frame.hpp"

#include "protocol/websocket_frame.hpp"

#include <array>
#include <cassert>
#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>

namespace notify {

static_assert(sizeof(frame) == sizeof(void*), "queues hold frames by the million");

frame frame::make(std::uint8_t opcode, std::string_view payload)
{
    auto const op = static_cast<ws::opcode>(opcode);
    std::array<char, ws::max_header_size> head;
    std::size_t const head_size = ws::write_header(head, op, payload.size());
    std::size_t const size = head_size + payload.size();
    if (size > std::numeric_limits<std::uint32_t>::max())
        throw std::length_error("a frame holds less than 4 GiB");

    auto* const b = new (::operator new(sizeof(block) + size)) block;
    b->size = static_cast<std::uint32_t>(size);
    b->header_size = static_cast<std::uint8_t>(head_size);
    b->is_binary = op == ws::opcode::binary;
    std::memcpy(b->bytes(), head.data(), head_size);
    if (!payload.empty()) std::memcpy(b->bytes() + head_size, payload.data(), payload.size());
    return frame{boost::intrusive_ptr<block>{b}};
}

void frame::destroy(block* b) noexcept
{
    b->~block();
    ::operator delete(b);
}

frame frame::text(std::string_view packet)
{
    return make(static_cast<std::uint8_t>(ws::opcode::text), packet);
}

frame frame::binary(std::string_view payload)
{
    return make(static_cast<std::uint8_t>(ws::opcode::binary), payload);
}

frame frame::pong(std::string_view payload)
{
    assert(payload.size() <= 125);
    return make(static_cast<std::uint8_t>(ws::opcode::pong), payload);
}

frame frame::close(std::uint16_t code, std::string_view reason)
{
    assert(reason.size() <= 123);
    std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
    payload += reason;
    return make(static_cast<std::uint8_t>(ws::opcode::close), payload);
}

std::string_view frame::wire() const { return {block_->bytes(), block_->size}; }

std::string_view frame::packet() const { return wire().substr(block_->header_size); }

}  // namespace notify
