// SPDX-License-Identifier: MIT
//
// One encoded packet on its way to any number of wires: immutable, shared,
// counted. It is encoded once per message, with its WebSocket header before it,
// so that a fan-out to N tabs stores N pointers, and a frame alone is sent from where it is.
//
// Belongs to one shard: the count is not atomic. Header, count and bytes are
// one allocation.
#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>

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

    // A WebSocket control frame (RFC 6455 section 5.5). Only a WebSocket may
    // queue one. REQUIRES: payload is at most 125 bytes.
    [[nodiscard]] static frame pong(std::string_view payload);
    [[nodiscard]] static frame close(std::uint16_t code, std::string_view reason);

    // The bytes for a WebSocket: header and packet.
    [[nodiscard]] std::string_view wire() const;

    // The packet alone, without a WebSocket header.
    [[nodiscard]] std::string_view packet() const;

    [[nodiscard]] bool is_binary() const { return block_->is_binary; }
    [[nodiscard]] bool is_pong() const { return block_->is_pong; }

    // Bytes of memory that it takes, its place in a queue included: what it costs whoever is the
    // last to hold it. A packet of two bytes takes many times as much.
    [[nodiscard]] std::size_t memory() const { return overhead + block_->size; }

    // Header and count; what an allocator adds; and two pointers, since queues double.
    static constexpr std::size_t overhead = 48;

private:
    struct block {
        std::uint32_t references = 0;
        std::uint32_t size = 0;  // of header and packet
        std::uint8_t header_size = 0;
        bool is_binary = false;
        bool is_pong = false;

        char* bytes() { return reinterpret_cast<char*>(this + 1); }
        char const* bytes() const { return reinterpret_cast<char const*>(this + 1); }
    };
    friend void intrusive_ptr_add_ref(block* b) noexcept { ++b->references; }
    friend void intrusive_ptr_release(block* b) noexcept
    {
        if (--b->references == 0) destroy(b);
    }
    static void destroy(block* b) noexcept;
    static frame make(std::uint8_t opcode, std::span<std::string_view const> pieces);

    explicit frame(boost::intrusive_ptr<block> b) : block_{std::move(b)} {}

    boost::intrusive_ptr<block> block_;
};

}  // namespace notify
