// SPDX-License-Identifier: MIT
#include "protocol/frame.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <new>
#include <stdexcept>

namespace notify {

static_assert(sizeof(frame) == sizeof(void*), "queues hold frames by the million");

frame frame::make(kind what, std::span<std::string_view const> pieces)
{
    // The header stands right before the packet: no padding between them.
    static_assert(offsetof(block, room) + max_header == sizeof(block));
    std::size_t size = 0;
    for (std::string_view const piece : pieces) size += piece.size();
    if (size > std::numeric_limits<std::uint32_t>::max())
        throw std::length_error("a frame holds less than 4 GiB");

    auto* const b = new (::operator new(sizeof(block) + size)) block;
    b->size = static_cast<std::uint32_t>(size);
    b->what = what;
    char* to = b->packet();
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
    return make(kind::text, {pieces.begin(), pieces.size()});
}

frame frame::binary(std::string_view payload) { return make(kind::binary, {&payload, 1}); }

frame frame::pong(std::string_view payload)
{
    assert(payload.size() <= 125);
    return make(kind::pong, {&payload, 1});
}

void frame::put_header(std::span<char const> header) const
{
    assert(!has_header() && !header.empty() && header.size() <= max_header);
    std::copy(header.begin(), header.end(), block_->packet() - header.size());
    block_->header_size = static_cast<std::uint8_t>(header.size());
}

}  // namespace notify
