// SPDX-License-Identifier: MIT
//
// What the messages of one Redis read leave to be sent, by channel and in order: all tabs of a
// channel get the same bytes. Reused from read to read, so it comes to rest without allocations.
#pragma once

#include "floor_channels.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace notify::bench {

class floor_batch {
public:
    // REQUIRES: all outlives this.
    explicit floor_batch(floor_channels& all) : channels_{all} {}

    void add(floor_channels::index channel, std::string_view frame);

    // Tells send(channel, bytes) of each channel once, and forgets all.
    template <class Send>
    void flush(Send const& send);

private:
    // A frame in bytes_, and the next one of the same channel, counted from 1.
    struct piece {
        std::uint32_t at;
        std::uint32_t size;
        std::uint32_t next = 0;
    };

    [[nodiscard]] std::string_view view(piece const& p) const { return {&bytes_[p.at], p.size}; }
    std::string_view gather(floor_channel& c);

    floor_channels& channels_;
    std::string bytes_;
    std::vector<piece> pieces_;
    std::vector<floor_channels::index> touched_;
    std::string gathered_;
};

inline void floor_batch::add(floor_channels::index channel, std::string_view frame)
{
    floor_channel& c = channels_[channel];
    pieces_.push_back(
        {static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(frame.size())});
    bytes_.append(frame);
    auto const number = static_cast<std::uint32_t>(pieces_.size());
    if (c.queued_last == 0) {
        c.queued_first = number;
        touched_.push_back(channel);
    } else {
        pieces_[c.queued_last - 1].next = number;
    }
    c.queued_last = number;
}

// Takes what is queued for a channel; one frame, the usual thing, is not copied.
inline std::string_view floor_batch::gather(floor_channel& c)
{
    piece const* p = &pieces_[c.queued_first - 1];
    c.queued_first = c.queued_last = 0;
    if (p->next == 0) return view(*p);
    gathered_ = view(*p);
    while (p->next != 0) {
        p = &pieces_[p->next - 1];
        gathered_ += view(*p);
    }
    return gathered_;
}

template <class Send>
void floor_batch::flush(Send const& send)
{
    for (floor_channels::index const channel : touched_) send(channel, gather(channels_[channel]));
    touched_.clear();
    pieces_.clear();
    bytes_.clear();
}

}  // namespace notify::bench
