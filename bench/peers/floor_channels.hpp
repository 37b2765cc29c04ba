// SPDX-License-Identifier: MIT
//
// The floor's channels by user: an open-addressing hash table of 8-byte slots that refer to a
// vector of channels, and one string with all names. Channels are never removed: this is no
// product.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace notify::bench {

struct floor_channel {
    std::uint32_t name_at;  // where the user's name begins in that string
    std::uint32_t name_size;
    int first = -1;                 // descriptor of its first client; -1: it has none
    std::uint32_t unconfirmed = 0;  // SUBSCRIBEs that Redis has not answered
    std::uint32_t queued = 0;       // its queue in floor_batch, counted from 1; 0: none
};

class floor_channels {
public:
    using index = std::uint32_t;
    static constexpr index none = ~index{0};

    // Valid until the next find_or_add().
    floor_channel& operator[](index i) { return channels_[i]; }

    [[nodiscard]] std::string_view user_of(index i) const
    {
        return {names_.data() + channels_[i].name_at, channels_[i].name_size};
    }

    [[nodiscard]] index find(std::string_view user) const { return slots_[seek(user)].channel; }

    index find_or_add(std::string_view user)
    {
        if (index const found = find(user); found != none) return found;
        if (4 * channels_.size() >= 3 * slots_.size()) grow();
        auto const added = static_cast<index>(channels_.size());
        slots_[seek(user)] = {hash_of(user), added};
        channels_.push_back(
            {static_cast<std::uint32_t>(names_.size()), static_cast<std::uint32_t>(user.size())});
        names_.append(user);
        return added;
    }

private:
    struct slot {
        std::uint32_t hash = 0;
        index channel = none;
    };

    static std::uint32_t hash_of(std::string_view user)
    {
        return static_cast<std::uint32_t>(std::hash<std::string_view>{}(user));
    }

    // The slot of the user, or the empty one where it belongs.
    [[nodiscard]] std::size_t seek(std::string_view user) const
    {
        std::uint32_t const hash = hash_of(user);
        std::size_t const mask = slots_.size() - 1;
        std::size_t at = hash & mask;
        while (slots_[at].channel != none &&
               (slots_[at].hash != hash || user_of(slots_[at].channel) != user))
            at = (at + 1) & mask;
        return at;
    }

    void grow()
    {
        std::vector<slot> const narrower{
            std::exchange(slots_, std::vector<slot>(2 * slots_.size()))};
        for (slot const& s : narrower)
            if (s.channel != none) slots_[seek(user_of(s.channel))] = s;
    }

    std::vector<slot> slots_ = std::vector<slot>(64);  // a power of two, at most 3/4 full
    std::vector<floor_channel> channels_;
    std::string names_;
};

}  // namespace notify::bench
