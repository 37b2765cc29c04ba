// SPDX-License-Identifier: MIT
//
// Counts how often each of some kinds of things has happened: sessions by the reason of their end,
// requests by the reason of their refusal.
//
// To count is one increment, and says nothing: a stranger can cause a million refusals. The shard
// asks once a second at most what is new, writes a line of the log for each kind, and adds it to
// the sums that /healthz shows.
//
// Belongs to one thread, that of its shard.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace notify {

// Kind is an enumeration whose Count values begin at zero and have no gaps.
template <class Kind, std::size_t Count>
class tally {
public:
    static constexpr std::size_t kinds = Count;

    void add(Kind kind) { ++counts_[static_cast<std::size_t>(kind)]; }

    [[nodiscard]] std::uint64_t operator[](Kind kind) const
    {
        return counts_[static_cast<std::size_t>(kind)];
    }

    // Calls f(kind, n), before it returns, for each kind that has happened n > 0 times since the
    // last call of take_new(). f may add(). If f throws, that kind counts as reported.
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
    std::array<std::uint64_t, Count> counts_{};    // since the start
    std::array<std::uint64_t, Count> reported_{};  // counts_ as take_new() last saw them
};

}  // namespace notify
