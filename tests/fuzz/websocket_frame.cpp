// SPDX-License-Identifier: MIT
#include "protocol/websocket_frame.hpp"

#include "base/utf8.hpp"
#include "fuzz/targets.hpp"

#include <string>
#include <tuple>
#include <vector>

namespace notify::fuzz {

namespace {

using kind = ws::event::kind;
using seen = std::tuple<kind, std::uint16_t, std::string>;

constexpr std::size_t max_message = 1000;

// Reads bytes in pieces of this size; up to a close or an error, which are the last.
std::vector<seen> read(std::string bytes, std::size_t piece, ws::role self)
{
    std::vector<seen> all;
    ws::frame_reader reader;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        std::span<char> input{bytes.data() + at, std::min(piece, bytes.size() - at)};
        for (;;) {
            auto const e = reader.next(input, self, max_message);
            if (e.what == kind::need_more) break;
            // What an error says may name what had come so far.
            all.emplace_back(e.what, e.code, e.what == kind::error ? "" : std::string{e.payload});
            if (e.what == kind::close || e.what == kind::error) return all;
        }
        must(input.empty(), "need_more means that all is taken");
    }
    return all;
}

}  // namespace

// The first byte chooses the role and where the rest is cut.
void websocket_frame(std::string_view bytes)
{
    if (bytes.empty()) return;
    auto const choice = static_cast<unsigned char>(bytes[0]);
    auto const self = choice % 2 == 0 ? ws::role::server : ws::role::client;
    std::string const input{bytes.substr(1)};

    auto const whole = read(input, std::max<std::size_t>(1, input.size()), self);
    for (auto const& [what, code, payload] : whole) {
        must(payload.size() <= max_message, "messages are limited");
        if (what == kind::text) must(is_utf8(payload), "text is UTF-8");
        if (what == kind::ping || what == kind::pong || what == kind::close)
            must(payload.size() <= 125, "control frames are short");
    }
    must(read(input, 1, self) == whole, "byte by byte it is the same");
    must(read(input, 1 + choice / 2u, self) == whole, "cut anywhere it is the same");
}

}  // namespace notify::fuzz
