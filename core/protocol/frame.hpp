// SPDX-License-Identifier: MIT
//
// One encoded packet on its way to any number of wires: immutable, shared,
// counted. It is encoded once per message, so that a fan-out to N tabs stores N
// pointers.
//
// Before the packet there is room for a header. Which one, if any, the wire knows:
// the first WebSocket that sends a frame writes its header there, all others find
// it, and each sends header and packet from where they are, in one piece.
//
// Belongs to one shard: the count is not atomic. Count, header and packet are one
// allocation.
#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace notify {

class frame {
public:
    // An Engine.IO packet in text: type and data together, such as `42["x"]`.
    [[nodiscard]] static frame text(std::string_view packet);

    // One whose packet comes in pieces.
    [[nodiscard]] static frame text(std::initializer_list<std::string_view> pieces);

    // A binary Engine.IO message: its payload alone, which is how WebSocket
    // carries it; polling puts a `b` and base64 in its place.
    [[nodiscard]] static frame binary(std::string_view payload);

    // The answer to a WebSocket's ping (RFC 6455 section 5.5.3). Only a WebSocket
    // may queue one. REQUIRES: payload is at most 125 bytes.
    [[nodiscard]] static frame pong(std::string_view payload);

    [[nodiscard]] std::string_view packet() const { return {block_->packet(), block_->size}; }

    [[nodiscard]] bool is_binary() const { return block_->what == kind::binary; }
    [[nodiscard]] bool is_pong() const { return block_->what == kind::pong; }

    // --- for the wire ---

    static constexpr std::size_t max_header = 10;

    [[nodiscard]] bool has_header() const { return block_->header_size != 0; }

    // Puts a header before the packet, for all who share the frame.
    // REQUIRES: it has none; header has 1 to max_header bytes.
    void put_header(std::span<char const> header) const;

    // Header and packet, in one piece; without a header, the packet.
    [[nodiscard]] std::string_view with_header() const
    {
        std::size_t const size = block_->header_size;
        return {block_->packet() - size, size + block_->size};
    }

    // --- what it costs ---

    // Bytes of memory that it takes, its place in a queue included: what it costs
    // whoever is the last to hold it. A packet of two bytes takes many times as much.
    [[nodiscard]] std::size_t memory() const { return overhead() + block_->size; }

private:
    enum class kind : std::uint8_t { text, binary, pong };

    struct block {
        std::uint32_t references = 0;
        std::uint32_t size = 0;  // of the packet, which follows
        kind what;
        std::uint8_t header_size = 0;
        std::array<char, max_header> room;  // the header is at its end

        char* packet() { return reinterpret_cast<char*>(this + 1); }
    };

    // The block; what an allocator adds; and two pointers, since queues double.
    static constexpr std::size_t overhead() { return sizeof(block) + 16 + 2 * sizeof(void*); }

    friend void intrusive_ptr_add_ref(block* b) noexcept { ++b->references; }
    friend void intrusive_ptr_release(block* b) noexcept
    {
        if (--b->references == 0) destroy(b);
    }
    static void destroy(block* b) noexcept;
    static frame make(kind what, std::span<std::string_view const> pieces);

    explicit frame(boost::intrusive_ptr<block> b) : block_{std::move(b)} {}

    boost::intrusive_ptr<block> block_;
};

}  // namespace notify
