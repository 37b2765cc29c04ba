// SPDX-License-Identifier: MIT
//
// glibc's malloc keeps much of what is freed, for later. After a burst, say of a hundred thousand
// clients that reconnect at once, that can be most of what the process holds, and nothing gives it
// back by itself. The gateway's main thread calls this every five seconds.
#pragma once

namespace notify {

// Gives unused memory back to the kernel if it is much: more than 32 MiB and half of what is in
// use. May be called on any thread; fails silently. Threads that allocate meanwhile wait, for some
// milliseconds in a hundred megabytes: hence the threshold.
void give_unused_memory_back();

}  // namespace notify
