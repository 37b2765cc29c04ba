// SPDX-License-Identifier: MIT
#include "protocol/engine_payload.hpp"

#include "base/base64.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace notify::eio {

namespace {

constexpr char separator = '\x1e';

// Of protocol 3. More than a length that is accepted can have, and few enough that the number
// cannot overflow: so a body of a million digits is refused without being read.
constexpr std::size_t max_length_digits = 10;

// Returns the decimal number whose digits are '0' to '9' if zero is '0', and the bytes 0 to 9 if
// it is '\0'. Nothing if there is none, if it is too long, or if anything else stands there.
std::optional<std::size_t> number_of(std::string_view digits, char zero)
{
    if (digits.empty() || digits.size() > max_length_digits) return std::nullopt;
    std::size_t n = 0;
    for (char const c : digits) {
        auto const digit = static_cast<unsigned char>(c - zero);  // below zero becomes large
        if (digit > 9) return std::nullopt;
        n = n * 10 + digit;
    }
    return n;
}

}  // namespace

payload_reader::payload_reader(std::string_view body, payload_form form) : rest_{body}, form_{form}
{
}

// Takes so many bytes from the front of what is left. REQUIRES: there are so many.
std::string_view payload_reader::take(std::size_t bytes)
{
    std::string_view const taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
}

std::optional<packet> payload_reader::next()
{
    switch (form_) {
    case payload_form::separated: return next_separated();
    case payload_form::counted: return next_counted();
    case payload_form::binary: return next_binary();
    }
    return std::nullopt;
}

// Nobody has checked the bytes of an HTTP body, while those of a WebSocket's text are UTF-8 by its
// protocol. What a session gets is UTF-8 on both wires: it may send it back, as a ping's data.
std::optional<packet> payload_reader::parse_text(std::string_view text, dialect d)
{
    return is_utf8(text) ? parse_packet(text, decoded_, d) : std::nullopt;
}

// `<packet>0x1E<packet>`. A packet cannot hold the separator: clients encode binary, and JSON
// escapes control characters. An empty packet is malformed, also behind a last separator.
std::optional<packet> payload_reader::next_separated()
{
    std::size_t const end = rest_.find(separator);
    std::string_view const text = rest_.substr(0, end);
    done_ = end == rest_.npos;
    rest_.remove_prefix(done_ ? rest_.size() : end + 1);
    return parse_text(text, {});
}

// `<length>:<packet>`. The length counts UTF-16 code units, as JavaScript does, and the body is
// UTF-8: so the packet's characters are walked to find its end, once, as it is needed.
std::optional<packet> payload_reader::next_counted()
{
    std::size_t const colon = rest_.substr(0, max_length_digits + 1).find(':');
    if (colon == rest_.npos) return std::nullopt;
    auto const units = number_of(take(colon), '0');
    rest_.remove_prefix(1);
    auto const bytes = units ? utf16_prefix(rest_, *units) : std::nullopt;
    if (!bytes) return std::nullopt;
    std::string_view const text = take(*bytes);
    done_ = rest_.empty();
    return parse_text(text, dialect{3});
}

// 0x00 or 0x01, the length's digits as bytes, 0xFF, the packet. The length counts bytes. The kind
// is compared as a char, which is signed on x86-64 and not on ARM64: both bounds are needed.
std::optional<packet> payload_reader::next_binary()
{
    std::size_t const end = rest_.substr(0, max_length_digits + 2).find('\xff');
    if (end == rest_.npos || end == 0 || rest_.front() > '\x01' || rest_.front() < '\0')
        return std::nullopt;
    bool const is_binary = rest_.front() == '\x01';
    auto const length = number_of(take(end).substr(1), '\0');
    rest_.remove_prefix(1);
    if (!length || *length > rest_.size()) return std::nullopt;
    std::string_view const bytes = take(*length);
    done_ = rest_.empty();
    return is_binary ? parse_binary_packet(bytes, dialect{3}) : parse_text(bytes, dialect{3});
}

// Writes what stands before a packet in this form: a separator, or its length.
void payload_writer::begin(std::string_view packet, bool is_binary)
{
    switch (form_) {
    case payload_form::separated:
        if (!body_.empty()) body_ += separator;
        break;
    case payload_form::counted:
        fmt::format_to(std::back_inserter(body_), "{}:", utf16_length(packet));
        break;
    case payload_form::binary:
        body_ += is_binary ? '\x01' : '\0';
        for (char const digit : fmt::to_string(packet.size()))
            body_ += static_cast<char>(digit - '0');
        body_ += '\xff';
        break;
    }
}

void payload_writer::add(std::string_view packet)
{
    begin(packet, false);
    body_ += packet;
}

// Base64 is written into the body itself, without a frame in between: in protocol 4 all polling
// clients need it, and those that take text only (dialect::base64) have got a text frame already.
void payload_writer::add(frame const& f)
{
    begin(f.packet(), f.is_binary());
    if (f.is_binary() && form_ == payload_form::separated) {
        body_ += 'b';
        append_base64(body_, f.packet());
    } else {
        body_ += f.packet();
    }
}

}  // namespace notify::eio
