// SPDX-License-Identifier: MIT
//
// What the exit status of all four tools says (docs/operation.md, Exit status). Scripts depend on
// it: a number keeps its meaning.
#pragma once

namespace notify::cli {

enum class exit_code : int {
    done = 0,
    failed = 1,         // at run time, and none of the others
    usage = 2,          // wrong usage or configuration
    not_delivered = 3,  // notify-send --require-online: nobody is subscribed
    refused = 4,        // the gateway or Redis does not know the uuid, or refuses the identity;
                        // an ACL of Redis forbids notify-send to store
    unreachable = 5,    // Redis or the gateway
    timed_out = 6,
    partly = 7,         // some of a batch failed
    interrupted = 130,  // Ctrl-C: 128 + the signal's number, as shells have it; SIGTERM is 143
};

}  // namespace notify::cli
