// SPDX-License-Identifier: MIT
//
// What is freed stays with the process: malloc keeps it for later, and after a
// burst that may be most of what the process holds.
#pragma once

namespace notify {

// Gives it back to the kernel if it is much: 32 MiB, and half as much as is in use.
// Other threads that allocate wait meanwhile, for some milliseconds in a hundred megabytes.
void give_unused_memory_back();

}  // namespace notify
