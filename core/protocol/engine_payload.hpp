// SPDX-License-Identifier: MIT
//
// The body of a polling request or answer, protocol 4: packets joined by 0x1E,
// a binary message as `b` and base64.
#pragma once

#include "protocol/engine_packet.hpp"
#include "protocol/frame.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace notify::eio {

// Takes a body apart, packet by packet.
class payload_reader {
public:
    // REQUIRES: body outlives the reader.
    explicit payload_reader(std::string_view body) : rest_{body} {}

    [[nodiscard]] bool done() const { return done_; }

    // Returns the next packet, or nothing if it is malformed: the rest of the
    // body must then not be read. The packet is valid until the next call.
    // REQUIRES: !done().
    [[nodiscard]] std::optional<packet> next();

private:
    std::string_view rest_;
    std::string decoded_;  // bytes of the last binary packet
    bool done_ = false;
};

// Appends f to a body, after a separator if the body is not empty.
void append_to_payload(std::string& body, frame const& f);

}  // namespace notify::eio
