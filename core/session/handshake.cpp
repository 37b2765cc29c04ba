// SPDX-License-Identifier: MIT
#include "session/handshake.hpp"

#include <cstring>

namespace notify::eio {

namespace {

// What stands before the headers in the block. Copied in and out by memcpy, since the block has no
// alignment of its own.
struct prefix {
    std::uint64_t from;
    std::uint64_t length;
};

// All zero if nothing is kept.
prefix prefix_of(char const* kept)
{
    prefix p{};
    if (kept) std::memcpy(&p, kept, sizeof p);
    return p;
}

}  // namespace

handshake::handshake(std::string_view headers, std::uint64_t from)
    : kept_{new char[sizeof(prefix) + headers.size()]}
{
    prefix const p{from, headers.size()};
    std::memcpy(kept_.get(), &p, sizeof p);
    headers.copy(kept_.get() + sizeof p, headers.size());
}

std::string_view handshake::headers() const
{
    if (!kept_) return {};
    return {kept_.get() + sizeof(prefix), prefix_of(kept_.get()).length};
}

// There are a few lines, and they are asked for when a user is looked up, not per message: no
// index.
std::string_view handshake::header(std::string_view name) const
{
    for (std::string_view rest = headers(); !rest.empty();) {
        std::string_view line = rest.substr(0, rest.find("\r\n"));
        rest.remove_prefix(line.size() + 2);
        if (line.starts_with(name) && line.substr(name.size()).starts_with(": "))
            return line.substr(name.size() + 2);
    }
    return {};
}

std::uint64_t handshake::from() const { return prefix_of(kept_.get()).from; }

std::size_t handshake::bytes() const
{
    return sizeof *this + (kept_ ? sizeof(prefix) + headers().size() : 0);
}

}  // namespace notify::eio
