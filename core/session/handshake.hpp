// SPDX-License-Identifier: MIT
//
// What is kept of the request that began a session, for as long as the session lives: the headers
// by which a web app knows its user (docs/protocol.md, The web app), and which network the client
// is in.
//
// The application sees it (namespace_handler::reason_to_refuse, identity); wire/engine_endpoint
// decides what is kept: nothing of a JSONP request, which any site's page may send with its
// visitor's cookies.
//
// Hundreds of thousands of sessions are idle at a time, so all of it is one block of memory, and a
// request that names nobody takes none. The memory counts against `--max-kept-headers`. Immutable;
// belongs to its session's thread.
#pragma once

#include "base/quota.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace notify::eio {

class handshake {
public:
    // Holds nothing: of a request that names nobody.
    handshake() = default;

    // headers: lines `Name: value`, each ended by CR LF, as HTTP has them; copied. from: a number
    // for the client's network, by which the web app's waiting line is kept fair. Throws
    // std::bad_alloc.
    handshake(std::string_view headers, std::uint64_t from);

    // True if it holds nothing: nobody can be found out by it.
    [[nodiscard]] bool empty() const { return kept_ == nullptr; }

    // All header lines, which go to the web app byte for byte; "" if empty. Valid while this lives.
    [[nodiscard]] std::string_view headers() const;

    // Returns the value of the first header of this name, or "". Names are compared exactly: they
    // were written in one spelling when they were kept.
    [[nodiscard]] std::string_view header(std::string_view name) const;
    [[nodiscard]] std::string_view cookie() const { return header("Cookie"); }

    // The number given; 0 if empty.
    [[nodiscard]] std::uint64_t from() const;

    // Bytes of memory that it takes, itself included.
    [[nodiscard]] std::size_t bytes() const;

    // Its share of capacity::kept, given back when this is destroyed. Taken by whoever made this.
    quota_share memory;

private:
    std::unique_ptr<char[]> kept_;  // a prefix (from, length of the headers), then the headers
};

}  // namespace notify::eio
