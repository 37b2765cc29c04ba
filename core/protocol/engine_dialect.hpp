// SPDX-License-Identifier: MIT
//
// How one client speaks Engine.IO: which version of the protocol, and whether it takes binary.
// Clients of Socket.IO 2 speak version 3, all newer ones version 4.
//
// A session learns its dialect from the query of its handshake (engine_query) and keeps it for
// life, in two bytes. Frames are made in one form for all and converted as a session queues them,
// since a text frame, which nearly all are, is the same for everybody and stays shared.
#pragma once

#include "protocol/frame.hpp"

#include <cstdint>

namespace notify::eio {

struct dialect {
    std::uint8_t version = 4;
    bool base64 = false;  // it takes text only (`b64` in its query), so binary goes as base64

    [[nodiscard]] bool is_v3() const { return version == 3; }
};

// Returns f in the form that such a client takes. Text is returned as it is, without a copy. Only
// binary messages differ (docs/protocol.md, Engine.IO 3):
//
//     version 4            the bytes          version 4, base64    b<base64>
//     version 3            0x04, the bytes    version 3, base64    b4<base64>
//
// A frame in base64 is a text frame.
[[nodiscard]] frame in_dialect(frame f, dialect d);

}  // namespace notify::eio
