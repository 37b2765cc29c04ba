// SPDX-License-Identifier: MIT
//
// The floor's channels by their user: an open-addressing hash table of 8-byte slots over a vector
// of channels, and one string with all names. A channel once made stays: a floor, not a product.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace notify::bench {

struct floor_channel {
    std::uint32_t name_at;  // the user's name in that string
    std::uint32_t name_size;
    int first = -1;                  // descriptor of its first client; -1: it has none
    std::uint32_t unconfirmed = 0;   // SUBSCRIBEs that Redis has not answered
    std::uint32_t queued_first = 0;  // of floor_batch: its first piece and its last, counted
    std::uint32_t queued_last = 0;   // from 1; 0: there is none
};

class floor_channels {
public:
    using index = std::uint32_t;
    static constexpr index none = ~index{0};

    // Valid until the next add().
    floor_channel& operator[](index i) { return channels_[i]; }

    [[nodiscard]] std::string_view user_of(index i) const
    {
        return {names_.data() + channels_[i].name_at, channels_[i].name_size};
    }

    [[nodiscard]] index find(std::string_view user) const { return slots_[seek(user)].channel; }

    index find_or_add(std::string_view user);

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
    [[nodiscard]] std::size_t seek(std::string_view user) const;
    void grow();

    std::vector<slot> slots_ = std::vector<slot>(64);  // a power of two, at most 3/4 full
    std::vector<floor_channel> channels_;
    std::string names_;
};

inline std::size_t floor_channels::seek(std::string_view user) const
{
    std::uint32_t const hash = hash_of(user);
    std::size_t const mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at].channel != none &&
           (slots_[at].hash != hash || user_of(slots_[at].channel) != user))
        at = (at + 1) & mask;
    return at;
}

inline floor_channels::index floor_channels::find_or_add(std::string_view user)
{
    std::size_t at = seek(user);
    if (slots_[at].channel != none) return slots_[at].channel;
    if (4 * channels_.size() >= 3 * slots_.size()) {
        grow();
        at = seek(user);
    }
    slots_[at] = {hash_of(user), static_cast<index>(channels_.size())};
    channels_.push_back(
        {static_cast<std::uint32_t>(names_.size()), static_cast<std::uint32_t>(user.size())});
    names_.append(user);
    return slots_[at].channel;
}

inline void floor_channels::grow()
{
    std::vector<slot> wider(2 * slots_.size());
    std::size_t const mask = wider.size() - 1;
    for (slot const& s : slots_) {
        if (s.channel == none) continue;
        std::size_t at = s.hash & mask;
        while (wider[at].channel != none) at = (at + 1) & mask;
        wider[at] = s;
    }
    slots_.swap(wider);
}

}  // namespace notify::bench
