// SPDX-License-Identifier: MIT
//
// What the exit status of all four tools says. Scripts depend on it.
#pragma once

namespace notify::cli {

enum class exit_code : int {
    done = 0,
    failed = 1,         // at run time
    usage = 2,          // wrong usage or configuration
    not_delivered = 3,  // when asked to care
    refused = 4,        // identity
    unreachable = 5,    // Redis or the gateway
    timed_out = 6,
    partly = 7,         // some of a batch failed
    interrupted = 130,  // Ctrl-C
};

}  // namespace notify::cli
