// SPDX-License-Identifier: MIT
//
// Empties a container and frees its memory. clear() keeps the memory, `= {}` may keep it, and
// shrink_to_fit() is a request that may allocate.
//
// For buffers of which a process has many, and whose largest moment is over: the outbox of a
// session, an answer that has been written, what a Redis connection has read.
#pragma once

#include <memory>
#include <type_traits>

namespace notify {

// Leaves c as if it had just been made. REQUIRES: nothing refers to an element of c.
template <class Container>
void give_back(Container& c) noexcept
{
    static_assert(std::is_nothrow_default_constructible_v<Container>);
    std::destroy_at(&c);
    std::construct_at(&c);
}

}  // namespace notify
