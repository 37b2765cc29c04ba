// SPDX-License-Identifier: MIT
//
// WebSocket frames (RFC 6455 section 5): bytes in, messages out, and back. No
// socket and no clock; a server and a client share it.
//
// A reader keeps nothing between messages: an idle connection costs it one null
// pointer. Only what is incomplete (a cut header, a started message) is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace notify::ws {

enum class opcode : std::uint8_t {
    continuation = 0,
    text = 1,
    binary = 2,
    close = 8,
    ping = 9,
    pong = 10,
};

// RFC 6455 section 7.4.1, as far as this project sends them.
enum class close_code : std::uint16_t {
    normal = 1000,
    going_away = 1001,
    protocol_error = 1002,
    unsupported = 1003,
    bad_payload = 1007,
    policy = 1008,
    too_big = 1009,
    internal = 1011,
};

// A server reads masked frames only, a client unmasked ones only (section 5.1).
enum class role : std::uint8_t { server, client };

inline constexpr std::size_t max_header_size = 14;

// Writes the header of an unmasked final frame and returns its size (2, 4 or 10).
std::size_t write_header(std::span<char, max_header_size> out, opcode op, std::uint64_t length);

// Appends a whole masked final frame, as a client sends it (section 5.3).
void append_masked_frame(std::string& out, opcode op, std::string_view payload,
                         std::uint32_t masking_key);

struct event {
    enum class kind : std::uint8_t {
        need_more,  // the input is used up; what was incomplete is kept
        text,       // a whole message, UTF-8 checked
        binary,     // a whole message
        ping,       // payload is to be sent back as a pong
        pong,
        close,  // code and payload (the reason) as received; 1005 if there was no code
        error,  // the peer broke the protocol: close with code; payload says why
    };
    kind what = kind::need_more;
    std::uint16_t code = 0;
    // Valid until the next call of next(), and while the input lives.
    std::string_view payload;
};

class frame_reader {
public:
    // Takes bytes from the front of input (which it unmasks in place) up to the
    // end of the next event, and returns it. Call it until it says need_more.
    // After close or error it must not be called again.
    //
    // A message longer than max_message is an error (too_big), as soon as a
    // header announces it; memory grows only with bytes that have arrived.
    [[nodiscard]] event next(std::span<char>& input, role self, std::size_t max_message);

    frame_reader();
    ~frame_reader();
    frame_reader(frame_reader&&) noexcept;
    frame_reader& operator=(frame_reader&&) noexcept;

private:
    struct header;
    struct partial;

    std::optional<event> start_frame(std::span<char>& input, role self, std::size_t max_message);
    char const* take_header(std::span<char>& input, role self, header& h);
    std::optional<event> refuse(header const& h, std::size_t max_message) const;
    partial& keep();

    std::unique_ptr<partial> partial_;
};

}  // namespace notify::ws
