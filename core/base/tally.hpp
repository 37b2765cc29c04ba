// SPDX-License-Identifier: MIT
//
// How often each of some kinds of things has happened. Counting is an increment;
// whoever reports, some times a second or a minute, asks what is new.
//
// Belongs to one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace notify {

// Kind is an enumeration whose Count values begin at zero.
template <class Kind, std::size_t Count>
class tally {
public:
    static constexpr std::size_t kinds = Count;

    void add(Kind kind) { ++counts_[static_cast<std::size_t>(kind)]; }

    [[nodiscard]] std::uint64_t operator[](Kind kind) const
    {
        return counts_[static_cast<std::size_t>(kind)];
    }

    // Calls f(kind, n) for each kind that has happened n > 0 times since the last
    // call of this.
    template <class F>
    void take_new(F f)
    {
        for (std::size_t i = 0; i < Count; ++i) {
            std::uint64_t const n = counts_[i] - reported_[i];
            reported_[i] = counts_[i];
            if (n > 0) f(static_cast<Kind>(i), n);
        }
    }

private:
    std::array<std::uint64_t, Count> counts_{};
    std::array<std::uint64_t, Count> reported_{};
};

}  // namespace notify
