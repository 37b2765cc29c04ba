// SPDX-License-Identifier: MIT
//
// As much of RESP 3 as the floor needs: bytes in, replies out; no socket. Of Redis' third protocol
// because there messages (pushes) and answers share one connection, and their first byte tells
// them apart.
//
// A reply is flattened to its leaves, which are views of what was read: a message costs no copy
// and no allocation, and a quarter of the time that redis::reply_reader takes. It trusts Redis:
// what is not RESP 3 gives nonsense.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace notify::bench {

struct resp3_reply {
    // A message has three; of a longer reply (HELLO's) the rest is left out.
    static constexpr std::size_t max_leaves = 4;

    char type = 0;  // its first byte: '>' a push, '$' a string, '_' nothing, '-' an error, …
    std::size_t size = 0;
    std::array<std::string_view, max_leaves> leaves;

    void add(std::string_view leaf)
    {
        if (size < max_leaves) leaves[size++] = leaf;
    }
};

// Takes one reply from the front of bytes. Returns false, and takes nothing, while it is cut.
inline bool take_reply(std::string_view& bytes, resp3_reply& out)
{
    char const* at = bytes.data();
    char const* const end = at + bytes.size();
    out.size = 0;
    for (std::size_t due = 1; due > 0; --due) {
        auto const left = static_cast<std::size_t>(end - at);
        auto const* const line_end = static_cast<char const*>(std::memchr(at, '\r', left));
        if (!line_end || line_end + 1 == end) return false;
        char const type = *at;
        std::string_view const rest{at + 1, line_end};
        std::size_t n = 0;
        std::from_chars(rest.data(), line_end, n);
        at = line_end + 2;
        switch (type) {
        case '>':
        case '*': due += n; break;
        case '%': due += 2 * n; break;
        case '$':
            if (static_cast<std::size_t>(end - at) < n + 2) return false;
            out.add({at, n});
            at += n + 2;
            break;
        default: out.add(rest);
        }
    }
    out.type = bytes.front();
    bytes.remove_prefix(static_cast<std::size_t>(at - bytes.data()));
    return true;
}

}  // namespace notify::bench
