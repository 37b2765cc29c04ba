// SPDX-License-Identifier: MIT
//
// What is kept of the request that began a session, for the application: the
// headers by which a web app knows its user, and where the client is.
//
// Hundreds of thousands of sessions are idle at a time, so all of it is one block
// of memory; a request that names nobody costs none.
#pragma once

#include "base/quota.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace notify::eio {

class handshake {
public:
    handshake() = default;

    // headers: lines of `Name: value`, each ended by CR LF, as HTTP has them. from: a
    // number for the network that the client is in.
    handshake(std::string_view headers, std::uint64_t from);

    // True if there is nothing that could say whose session it is.
    [[nodiscard]] bool empty() const { return kept_ == nullptr; }

    // All header lines; what is given to the web app, byte for byte.
    [[nodiscard]] std::string_view headers() const;

    // The value of the first header of this name, spelled as it was kept; or "".
    [[nodiscard]] std::string_view header(std::string_view name) const;
    [[nodiscard]] std::string_view cookie() const { return header("Cookie"); }

    [[nodiscard]] std::uint64_t from() const;

    // How much memory it takes, itself included.
    [[nodiscard]] std::size_t bytes() const;

    quota_share memory;  // of capacity::kept, as much as this is

private:
    std::unique_ptr<char[]> kept_;  // from, the length of the headers, the headers
};

}  // namespace notify::eio
