// SPDX-License-Identifier: MIT
#include "base/unused_memory.hpp"

#include <malloc.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>

namespace notify {

namespace {

// Returns how much of the process is in memory, from /proc/self/statm (proc(5)); 0 if that cannot
// be read.
std::size_t resident_bytes()
{
    std::ifstream file{"/proc/self/statm"};
    std::size_t all = 0;
    std::size_t resident = 0;
    file >> all >> resident;
    return file ? resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

}  // namespace

void give_unused_memory_back()
{
    constexpr std::size_t much = 32 << 20;
    std::size_t const resident = resident_bytes();
    if (resident < much) return;  // mallinfo2 walks malloc's lists, under their locks
    struct mallinfo2 const info = ::mallinfo2();
    std::size_t const used = info.uordblks + info.hblkhd;
    bool const is_told = used > 0;  // the malloc of a sanitizer answers with zeros
    if (is_told && resident > used + used / 2 + much) ::malloc_trim(0);
}

}  // namespace notify
