// SPDX-License-Identifier: MIT
#include "protocol/engine_dialect.hpp"

#include "base/base64.hpp"

#include <string>

namespace notify::eio {

// Version 4 without base64 needs nothing here: a binary frame is made in that form. In a polling
// body its base64 is made by payload_writer, which knows that the body is text.
frame in_dialect(frame f, dialect d)
{
    if (!f.is_binary() || (!d.is_v3() && !d.base64)) return f;
    if (!d.base64) {
        std::string typed{'\x04'};  // the type of a message, as a byte and not as a digit
        typed += f.packet();
        return frame::binary(typed);
    }
    std::string text = d.is_v3() ? "b4" : "b";
    append_base64(text, f.packet());
    return frame::text(text);
}

}  // namespace notify::eio
