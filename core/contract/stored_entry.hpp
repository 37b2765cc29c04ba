// SPDX-License-Identifier: MIT
//
// A notification that stands in its user's log: the same text in the log and on the
// channel, and where it stands.
#pragma once

#include "contract/position.hpp"

#include <string_view>

namespace notify {

// A view: the text belongs to whoever has read it.
struct stored_entry {
    position where;
    std::string_view text;  // one JSON object
};

}  // namespace notify
