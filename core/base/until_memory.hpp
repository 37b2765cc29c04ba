// SPDX-License-Identifier: MIT
//
// For the few steps without which a thread would be deaf for good, such as to
// wait for the next event. They are tried until there is memory for them: there
// is nothing that the thread could do without it.
#pragma once

#include <chrono>
#include <new>
#include <thread>

namespace notify {

// Does f, again after a pause each time that it throws std::bad_alloc.
template <class F>
void until_memory(F&& f)
{
    for (;;) {
        try {
            return f();
        } catch (std::bad_alloc const&) {
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
    }
}

}  // namespace notify
