// SPDX-License-Identifier: MIT
#include "protocol/engine_dialect.hpp"

#include "base/base64.hpp"

#include <string>

namespace notify::eio {

frame in_dialect(frame f, dialect d)
{
    if (!f.is_binary() || (!d.is_v3() && !d.base64)) return f;
    if (!d.base64) {
        std::string typed{'\x04'};
        typed += f.packet();
        return frame::binary(typed);
    }
    std::string text = d.is_v3() ? "b4" : "b";
    append_base64(text, f.packet());
    return frame::text(text);
}

}  // namespace notify::eio
