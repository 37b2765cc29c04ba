// SPDX-License-Identifier: MIT
//
// The body of a polling request or answer: several packets in one. Protocol 4
// joins them by 0x1E; protocol 3 writes the length before each, in one form for
// text and another as soon as there is binary.
#pragma once

#include "protocol/engine_dialect.hpp"
#include "protocol/engine_packet.hpp"
#include "protocol/frame.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace notify::eio {

enum class payload_form : std::uint8_t {
    separated,  // protocol 4: `<packet>0x1E<packet>`
    counted,    // protocol 3: `<length>:<packet>`, the length in UTF-16 code units
    binary,     // protocol 3: 0x00 (text) or 0x01, length digits as bytes, 0xFF, packet
};

// Takes a body apart, packet by packet.
class payload_reader {
public:
    // REQUIRES: body outlives the reader.
    payload_reader(std::string_view body, payload_form form);

    [[nodiscard]] bool done() const { return done_; }

    // Returns the next packet, or nothing if it is malformed or its text not
    // UTF-8: the rest of the body must then not be read. The packet is valid until the next call.
    // REQUIRES: !done().
    [[nodiscard]] std::optional<packet> next();

private:
    std::optional<packet> parse_text(std::string_view text, dialect d);
    std::optional<packet> next_separated();
    std::optional<packet> next_counted();
    std::optional<packet> next_binary();
    std::string_view take(std::size_t bytes);

    std::string_view rest_;
    std::string decoded_;  // bytes of the last binary packet
    payload_form const form_;
    bool done_ = false;
};

// Puts a body together.
class payload_writer {
public:
    explicit payload_writer(payload_form form) : form_{form} {}

    // Appends a frame that is in the client's dialect.
    void add(frame const& f);
    // Appends a packet in text.
    void add(std::string_view packet);

    [[nodiscard]] bool empty() const { return body_.empty(); }
    [[nodiscard]] std::string take() { return std::move(body_); }

private:
    void begin(std::string_view packet, bool is_binary);

    std::string body_;
    payload_form const form_;
};

}  // namespace notify::eio
