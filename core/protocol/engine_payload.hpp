// SPDX-License-Identifier: MIT
//
// The body of a polling request or answer: several packets in one (docs/protocol.md, Engine.IO 4
// and Engine.IO 3). Protocol 4 joins them by 0x1E. Protocol 3 writes a length before each, in one
// form as long as all are text and in another as soon as there is binary.
//
// wire/polling_service reads the bodies of POSTs, wire/polling_transport writes the answers to
// GETs. Neither class knows a limit: HTTP has bounded the body by maxPayload before, and the
// transport takes a bounded number of frames. Each object belongs to one thread.
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
    counted,    // protocol 3: `<length>:<packet>`, the length in UTF-16 code units: `2:402:4é`
    binary,     // protocol 3: 0x00 (text) or 0x01, length digits as bytes, 0xFF, packet:
                // 0x01 0x01 0x02 0xFF begins a binary packet of 12 bytes
};

// Takes a body apart, packet by packet, so that the first packets of a body count even if a later
// one is malformed, and no list of packets is made. A body of a megabyte can hold half a million.
class payload_reader {
public:
    // REQUIRES: body outlives the reader.
    payload_reader(std::string_view body, payload_form form);

    // True if all packets have been read. False at first, even for an empty body, which is one
    // malformed packet.
    [[nodiscard]] bool done() const { return done_; }

    // Returns the next packet, or nothing if it is malformed or its text is not UTF-8. Then the
    // place in the body is lost, and next() must not be called again. The packet is a view into the
    // body or into this object, valid until the next call. REQUIRES: !done().
    [[nodiscard]] std::optional<packet> next();

private:
    std::optional<packet> parse_text(std::string_view text, dialect d);
    std::optional<packet> next_separated();
    std::optional<packet> next_counted();
    std::optional<packet> next_binary();
    std::string_view take(std::size_t bytes);

    std::string_view rest_;
    std::string decoded_;  // bytes of the last packet that came as base64
    payload_form const form_;
    bool done_ = false;
};

// Puts a body together. Whoever makes it chooses the form before it sees a packet: `binary` if the
// client speaks protocol 3 and one of the frames is binary, since a body has one form.
class payload_writer {
public:
    explicit payload_writer(payload_form form) : form_{form} {}

    // Appends a frame that is in the client's dialect (in_dialect). A binary one gets `b` and
    // base64 in `separated`. REQUIRES: f is no control frame; not binary if the form is `counted`.
    void add(frame const& f);
    // Appends a packet in text, type digit included.
    void add(std::string_view packet);

    [[nodiscard]] bool empty() const { return body_.empty(); }
    // Returns the body. The writer is of no use after that.
    [[nodiscard]] std::string take() { return std::move(body_); }

private:
    void begin(std::string_view packet, bool is_binary);

    std::string body_;
    payload_form const form_;
};

}  // namespace notify::eio
