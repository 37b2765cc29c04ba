// SPDX-License-Identifier: MIT
#include "base/siphash.hpp"

#include "base/random.hpp"

#include <array>
#include <bit>

namespace notify {

siphash_key const& process_siphash_key()
{
    // C++ has one thread initialise it while the others wait.
    static siphash_key const key = [] {
        std::array<std::uint8_t, sizeof(siphash_key)> bytes;
        fill_random(bytes);
        return std::bit_cast<siphash_key>(bytes);
    }();
    return key;
}

}  // namespace notify
