// SPDX-License-Identifier: MIT
#include "protocol/websocket_frame.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace notify::ws {

static_assert(sizeof(frame_reader) == sizeof(void*), "idle connections are many");

namespace {

using masking_bytes = std::array<char, 4>;

bool is_control(opcode op) { return op >= opcode::close; }

bool is_known(unsigned op) { return op <= 2 || (op >= 8 && op <= 10); }

std::uint64_t read_big_endian(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (char const c : bytes) value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

void write_big_endian(std::span<char> out, std::uint64_t value)
{
    for (std::size_t i = out.size(); i-- > 0; value >>= 8) out[i] = static_cast<char>(value);
}

std::string_view view(std::span<char const> bytes) { return {bytes.data(), bytes.size()}; }

std::span<char> take(std::span<char>& input, std::size_t n)
{
    std::span<char> const front = input.first(n);
    input = input.subspan(n);
    return front;
}

// Masks or unmasks, which is the same (section 5.3): byte i is XORed with byte i % 4 of the key.
// Eight bytes at a time, since it touches each byte that a client sends.
void apply_mask(std::span<char> bytes, masking_bytes key)
{
    if (key == masking_bytes{}) return;
    std::uint64_t mask, word;
    std::memcpy(&mask, key.data(), 4);
    std::memcpy(reinterpret_cast<char*>(&mask) + 4, key.data(), 4);
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) {
        std::memcpy(&word, &bytes[i], 8);
        word ^= mask;
        std::memcpy(&bytes[i], &word, 8);
    }
    for (; i < bytes.size(); ++i) bytes[i] = static_cast<char>(bytes[i] ^ key[i % 4]);
}

event violation(close_code code, std::string_view why)
{
    return {event::kind::error, static_cast<std::uint16_t>(code), why};
}

event bad_utf8() { return violation(close_code::bad_payload, "text is not UTF-8"); }

// True for codes that may stand in a Close frame (section 7.4 and the IANA registry). 1005, 1006
// and 1015 may not: with these an application is told what no frame has said.
bool is_wire_code(std::uint16_t code)
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
           (code >= 3000 && code <= 4999);
}

event close_event(std::string_view payload)
{
    if (payload.empty()) return {event::kind::close, 1005, {}};
    if (payload.size() == 1)
        return violation(close_code::protocol_error, "close frame with half a code");
    auto const code = static_cast<std::uint16_t>(read_big_endian(payload.substr(0, 2)));
    if (!is_wire_code(code))
        return violation(close_code::protocol_error, "close code not for the wire");
    if (!is_utf8(payload.substr(2))) return bad_utf8();
    return {event::kind::close, code, payload.substr(2)};
}

// The event of a whole message or control frame; text has been checked.
event make_event(opcode op, std::string_view payload)
{
    switch (op) {
    case opcode::close: return close_event(payload);
    case opcode::ping: return {event::kind::ping, 0, payload};
    case opcode::pong: return {event::kind::pong, 0, payload};
    case opcode::text: return {event::kind::text, 0, payload};
    default: return {event::kind::binary, 0, payload};
    }
}

// Returns what the first two bytes of a header have wrong, or nullptr. They are checked before the
// rest has come: whoever does not speak WebSocket is refused without waiting for fourteen bytes.
char const* find_fault(unsigned first, unsigned second, role self)
{
    bool const masked = (second & 0x80) != 0;
    bool const control = (first & 0x08) != 0;
    if ((first & 0x70) != 0) return "reserved bit set";
    if (!is_known(first & 0x0f)) return "reserved opcode";
    if (masked != (self == role::server)) return masked ? "masked frame" : "unmasked frame";
    if (control && (first & 0x80) == 0) return "fragmented control frame";
    if (control && (second & 0x7f) > 125) return "control frame of more than 125 bytes";
    return nullptr;
}

}  // namespace

struct frame_reader::header {
    bool final = false;
    opcode op = opcode::continuation;
    std::size_t size = 0;      // of the header itself; 0 while it is cut
    std::uint64_t length = 0;  // of the payload
    masking_bytes key{};       // zeros, which change nothing, if there is no mask

    // Reads the header at the head of bytes. size stays 0 if they end before it does. Returns what
    // is wrong, or nullptr.
    char const* parse(std::string_view bytes, role self);
};

char const* frame_reader::header::parse(std::string_view bytes, role self)
{
    if (bytes.size() < 2) return nullptr;
    auto const first = static_cast<unsigned char>(bytes[0]);
    auto const second = static_cast<unsigned char>(bytes[1]);
    if (char const* const fault = find_fault(first, second, self)) return fault;

    unsigned const short_length = second & 0x7f;
    std::size_t const more = short_length == 127 ? 8 : short_length == 126 ? 2 : 0;
    std::size_t const key_size = self == role::server ? key.size() : 0;
    if (bytes.size() < 2 + more + key_size) return nullptr;

    // Section 5.2: the number is big-endian, in the fewest bytes, and its highest bit is zero.
    length = more == 0 ? short_length : read_big_endian(bytes.substr(2, more));
    if ((more == 2 && length < 126) || (more == 8 && length <= 0xffff))
        return "length not in its shortest form";
    if (length >> 63 != 0) return "length of more than 63 bits";
    std::memcpy(key.data(), bytes.data() + 2 + more, key_size);
    final = (first & 0x80) != 0;
    op = static_cast<opcode>(first & 0x0f);
    size = 2 + more + key_size;
    return nullptr;
}

// What is incomplete between two calls. The road is: a cut header gathers in head; once it is
// whole, frame and missing describe its frame; its payload goes to control or message as it comes.
// At most one of head and missing is in use at a time; a fragmented message may be under way
// besides either.
struct frame_reader::partial {
    std::array<char, max_header_size> head;  // a cut header
    std::size_t head_size = 0;

    header frame;               // the frame that has begun
    std::uint64_t missing = 0;  // bytes of its payload yet to come

    opcode type = opcode::continuation;  // of the message under way; continuation: there is none
    std::string message;                 // its payload so far
    utf8_check utf8;                     // of message, if it is text

    std::string control;  // a cut control frame may stand between the fragments of a message

    [[nodiscard]] bool has_message() const { return type != opcode::continuation; }
    [[nodiscard]] bool incomplete() const { return head_size > 0 || missing > 0 || has_message(); }

    std::string_view fill_head(std::span<char const> input);
    void begin_frame(header const& h);
    std::optional<event> take_payload(std::span<char>& input);
    std::optional<event> end_frame();
};

// Returns the kept part of a header with what follows it in input. Takes nothing from input:
// how much of it belongs to the header is known only once that has been parsed.
std::string_view frame_reader::partial::fill_head(std::span<char const> input)
{
    std::size_t const n = std::min(head.size() - head_size, input.size());
    std::memcpy(head.data() + head_size, input.data(), n);
    return {head.data(), head_size + n};
}

void frame_reader::partial::begin_frame(header const& h)
{
    frame = h;
    missing = h.length;
    if (is_control(h.op))
        control.clear();
    else if (h.op != opcode::continuation)
        type = h.op;
}

// Takes what input has of the frame's payload. Text is checked as it comes: one wrong byte ends the
// connection there, however much was announced (sections 8.1 and 7.1.7).
std::optional<event> frame_reader::partial::take_payload(std::span<char>& input)
{
    std::span<char> const piece = take(input, std::min<std::uint64_t>(missing, input.size()));
    apply_mask(piece, frame.key);
    // The next piece begins in the middle of the key.
    std::rotate(frame.key.begin(), frame.key.begin() + piece.size() % 4, frame.key.end());
    missing -= piece.size();
    if (is_control(frame.op))
        control += view(piece);
    else if (type == opcode::text && !utf8.feed(view(piece)))
        return bad_utf8();
    else
        message += view(piece);
    if (missing > 0) return std::nullopt;
    return end_frame();
}

// A control frame is an event by itself, even between the fragments of a message. A fragment is
// one only if it is the last; a text's last character has to be whole then.
std::optional<event> frame_reader::partial::end_frame()
{
    if (is_control(frame.op)) return make_event(frame.op, control);
    if (!frame.final) return std::nullopt;
    if (!utf8.complete()) return bad_utf8();
    // The message is over, and its bytes stay until the next call, as the event's payload.
    return make_event(std::exchange(type, opcode::continuation), message);
}

frame_reader::frame_reader() = default;
frame_reader::~frame_reader() = default;
frame_reader::frame_reader(frame_reader&&) noexcept = default;
frame_reader& frame_reader::operator=(frame_reader&&) noexcept = default;

// Two roads: a frame that is whole in the input is handed out in place (start_frame); anything else
// goes through partial. The tests cut the same bytes at every place to see that both agree.
event frame_reader::next(std::span<char>& input, role self, std::size_t max_message)
{
    if (partial_ && !partial_->incomplete()) partial_.reset();  // its last event has been seen
    while (!input.empty()) {
        bool const in_payload = partial_ && partial_->missing > 0;
        std::optional<event> const e =
            in_payload ? partial_->take_payload(input) : start_frame(input, self, max_message);
        if (e) return *e;
    }
    return {};
}

std::optional<event> frame_reader::start_frame(std::span<char>& input, role self,
                                               std::size_t max_message)
{
    header h;
    if (char const* const fault = take_header(input, self, h))
        return violation(close_code::protocol_error, fault);
    if (h.size == 0) return std::nullopt;
    if (std::optional<event> const refusal = refuse(h, max_message)) return refusal;

    // The usual case: a message in one frame, here from end to end.
    if (h.final && h.op != opcode::continuation && h.length <= input.size()) {
        std::span<char> const payload = take(input, h.length);
        apply_mask(payload, h.key);
        if (h.op == opcode::text && !is_utf8(view(payload))) return bad_utf8();
        return make_event(h.op, view(payload));
    }
    keep().begin_frame(h);
    return partial_->take_payload(input);
}

// Takes a header from input, or keeps what there is of it, leaving input empty and h.size 0.
// Returns what is wrong, or nullptr.
char const* frame_reader::take_header(std::span<char>& input, role self, header& h)
{
    std::size_t const kept = partial_ ? partial_->head_size : 0;
    std::string_view const bytes = kept > 0 ? partial_->fill_head(input) : view(input);
    if (char const* const fault = h.parse(bytes, self)) return fault;
    if (h.size == 0) {
        partial& p = keep();
        std::memmove(p.head.data(), bytes.data(), bytes.size());
        p.head_size = bytes.size();
        input = input.last(0);
    } else {
        if (partial_) partial_->head_size = 0;
        input = input.subspan(h.size - kept);
    }
    return nullptr;
}

// Returns the error if this frame may not come now, or makes its message too long. The sum cannot
// overflow: h.length is below 2^63, and so is what memory holds of the message.
std::optional<event> frame_reader::refuse(header const& h, std::size_t max_message) const
{
    if (is_control(h.op)) return std::nullopt;
    bool const started = partial_ && partial_->has_message();
    if (started && h.op != opcode::continuation)
        return violation(close_code::protocol_error, "message begun inside another");
    if (!started && h.op == opcode::continuation)
        return violation(close_code::protocol_error, "continuation of nothing");
    if (h.length + (started ? partial_->message.size() : 0) > max_message)
        return violation(close_code::too_big, "message too long");
    return std::nullopt;
}

frame_reader::partial& frame_reader::keep()
{
    if (!partial_) partial_ = std::make_unique<partial>();
    return *partial_;
}

std::size_t write_header(std::span<char, max_header_size> out, opcode op, std::uint64_t length)
{
    out[0] = static_cast<char>(0x80 | static_cast<unsigned>(op));
    if (length <= 125) {
        out[1] = static_cast<char>(length);
        return 2;
    }
    std::size_t const more = length <= 0xffff ? 2 : 8;
    out[1] = more == 2 ? 126 : 127;
    write_big_endian(out.subspan(2, more), length);
    return 2 + more;
}

void append_frame(std::string& out, opcode op, std::string_view payload)
{
    std::array<char, max_header_size> head;
    out.append(head.data(), write_header(head, op, payload.size())).append(payload);
}

void append_close(std::string& out, std::uint16_t code, std::string_view reason)
{
    std::string payload(2, '\0');
    write_big_endian(payload, code);
    append_frame(out, opcode::close, payload.append(reason));
}

void append_masked_frame(std::string& out, opcode op, std::string_view payload,
                         std::uint32_t masking_key)
{
    std::array<char, max_header_size> head;
    std::size_t const size = write_header(head, op, payload.size());
    head[1] = static_cast<char>(head[1] | 0x80);
    masking_bytes key;
    write_big_endian(key, masking_key);

    out.append(head.data(), size).append(key.data(), key.size()).append(payload);
    apply_mask(std::span{out}.last(payload.size()), key);
}

}  // namespace notify::ws
