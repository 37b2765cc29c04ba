// SPDX-License-Identifier: MIT
//
// Random numbers for tests that start a million times with a new seed: seeding splitmix64
// costs nothing, unlike the engines of <random>.
#pragma once

#include <cstddef>
#include <cstdint>

namespace notify::test {

class dice {
public:
    explicit dice(std::uint64_t seed) : state_{seed} {}

    // 0 to n - 1.
    std::size_t below(std::size_t n)
    {
        std::uint64_t x = state_ += 0x9e37'79b9'7f4a'7c15;
        x = (x ^ (x >> 30)) * 0xbf58'476d'1ce4'e5b9;
        x = (x ^ (x >> 27)) * 0x94d0'49bb'1331'11eb;
        return (x ^ (x >> 31)) % n;
    }

    bool one_in(std::size_t n) { return below(n) == 0; }

private:
    std::uint64_t state_;
};

}  // namespace notify::test
