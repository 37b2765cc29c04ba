// SPDX-License-Identifier: MIT
//
// Empties a container and frees its memory, which neither clear() nor `= {}` does.
#pragma once

#include <memory>
#include <type_traits>

namespace notify {

template <class Container>
void give_back(Container& c) noexcept
{
    static_assert(std::is_nothrow_default_constructible_v<Container>);
    std::destroy_at(&c);
    std::construct_at(&c);
}

}  // namespace notify
