// SPDX-License-Identifier: MIT
//
// WebSocket frames (RFC 6455 section 5): bytes in, messages out, and back. No socket and no clock.
// The gateway (wire/websocket_transport) and notify-watch (client/websocket_stream) share it.
//
// A frame is two to fourteen bytes of header, and its payload:
//
//     FIN 80, reserved 70, opcode 0F | masked 80, length 7F | 0, 2 or 8 bytes of length | 4 of mask
//     81 85 37 fa 21 3d 7f 9f 4d 51 58                                "Hello", masked (section 5.7)
//
// It is our own, and not Beast's, for the sake of memory: Beast's stream has a buffer and a read
// under way for each connection, and most connections are idle. This reader keeps nothing between
// messages, so that an idle one costs it a null pointer. Only what is incomplete (a cut header, a
// started message) is kept. A message that is whole in the input is handed out in place.
//
// Extensions are not supported; none is offered in the handshake, and a reserved bit is an error.
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

// RFC 6455 section 7.4.1 and the IANA registry, as far as this project sends them.
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

// Two bytes, eight of length, four of mask.
inline constexpr std::size_t max_header_size = 14;

// Writes the header of an unmasked final frame and returns its size (2, 4 or 10).
std::size_t write_header(std::span<char, max_header_size> out, opcode op, std::uint64_t length);

// Appends a whole unmasked final frame, as a server sends it.
void append_frame(std::string& out, opcode op, std::string_view payload);

// Appends a Close frame (section 5.5.1). REQUIRES: reason has at most 123 bytes.
void append_close(std::string& out, std::uint16_t code, std::string_view reason);

// Appends a whole masked final frame, as a client sends it (section 5.3).
void append_masked_frame(std::string& out, opcode op, std::string_view payload,
                         std::uint32_t masking_key);

struct event {
    enum class kind : std::uint8_t {
        need_more,  // the input is used up; what was incomplete is kept
        text,       // a whole message, UTF-8 checked
        binary,     // a whole message
        ping,       // payload is to be sent back as a pong; may come between fragments
        pong,
        close,  // code and payload (the reason) as received; 1005 if there was no code
        error,  // the peer broke the protocol: close with code; payload says why
    };
    kind what = kind::need_more;
    std::uint16_t code = 0;  // of close and error
    // A view into the input or into the reader. Valid until the next call of next(), and while the
    // input lives. Of an error it is a literal.
    std::string_view payload;
};

// The receiving side of one connection. Belongs to one thread.
//
// Invariant: it holds memory only while a header, a frame or a fragmented message is incomplete.
// The memory is freed by the first call after the event that completes it: the event's payload may
// be a view into it.
class frame_reader {
public:
    // Takes bytes from the front of input up to the end of the next event, and returns it. input is
    // unmasked in place. Call it until it says need_more, which it does when input is empty. After
    // close or error it must not be called again. It throws std::bad_alloc only, and is then of no
    // use.
    //
    // self is who reads, and the same for all calls; it is no member, so that the reader stays one
    // pointer. A message longer than max_message bytes is an error (too_big) as soon as a header
    // announces it, before its payload has come. Memory grows only with bytes that have arrived,
    // never by what a header promises. Text that is not UTF-8 is an error at its first wrong byte.
    // Control frames may be as long as section 5.5 allows, whatever max_message is.
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
