// SPDX-License-Identifier: MIT
//
// What a user is told, as a client receives it.
#pragma once

#include <string>

namespace notify {

struct notification {
    std::string message;  // UTF-8, as published
};

}  // namespace notify
