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

// Of protocol 3: longer than any length that is accepted.
constexpr std::size_t max_length_digits = 10;

// The decimal number that digits[0..] hold, each less zero.
std::optional<std::size_t> number_of(std::string_view digits, char zero)
{
    if (digits.empty() || digits.size() > max_length_digits) return std::nullopt;
    std::size_t n = 0;
    for (char const c : digits) {
        auto const digit = static_cast<unsigned char>(c - zero);
        if (digit > 9) return std::nullopt;
        n = n * 10 + digit;
    }
    return n;
}

}  // namespace

payload_reader::payload_reader(std::string_view body, payload_form form) : rest_{body}, form_{form}
{
}

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

// A WebSocket's text is UTF-8 by its protocol; that of a body need not have been.
std::optional<packet> payload_reader::parse_text(std::string_view text, dialect d)
{
    return is_utf8(text) ? parse_packet(text, decoded_, d) : std::nullopt;
}

std::optional<packet> payload_reader::next_separated()
{
    std::size_t const end = rest_.find(separator);
    std::string_view const text = rest_.substr(0, end);
    done_ = end == rest_.npos;
    rest_.remove_prefix(done_ ? rest_.size() : end + 1);
    return parse_text(text, {});
}

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

// What stands before a packet.
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
