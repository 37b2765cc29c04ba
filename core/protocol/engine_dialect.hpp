// SPDX-License-Identifier: MIT
//
// How one client speaks Engine.IO: by which version of the protocol, and whether
// it takes binary. Clients of Socket.IO 2 speak version 3, all newer ones 4.
#pragma once

#include "protocol/frame.hpp"

#include <cstdint>

namespace notify::eio {

struct dialect {
    std::uint8_t version = 4;
    bool base64 = false;  // it takes text only (`b64` in its query), so binary goes as base64

    [[nodiscard]] bool is_v3() const { return version == 3; }
};

// Returns f as such a client takes it. Text is the same for all of them; binary
// messages are not: version 3 has a type byte before them, and base64 a `b`.
[[nodiscard]] frame in_dialect(frame f, dialect d);

}  // namespace notify::eio
