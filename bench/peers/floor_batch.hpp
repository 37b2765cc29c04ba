// SPDX-License-Identifier: MIT
//
// What the messages of one Redis read leave to be sent, by channel and in order: all tabs of a
// channel get the same bytes. Reused from read to read, so it comes to rest without allocations.
#pragma once

#include "floor_channels.hpp"
#include "floor_wire.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace notify::bench {

class floor_batch {
public:
    // Makes a frame of a message's text. REQUIRES: at is the number of channel.
    void add(floor_channels::index at, floor_channel& channel, std::string_view text)
    {
        if (channel.queued == 0) {
            if (used_ == queues_.size()) queues_.emplace_back();
            queues_[used_].channel = at;
            queues_[used_].frames.clear();
            channel.queued = static_cast<std::uint32_t>(++used_);
        }
        append_frame(queues_[channel.queued - 1].frames, {before_text, text, after_text});
    }

    // Tells send(channel, bytes) of each channel once, and forgets all.
    template <class Send>
    void flush(floor_channels& channels, Send const& send)
    {
        for (std::size_t n = 0; n < used_; ++n) {
            channels[queues_[n].channel].queued = 0;
            send(queues_[n].channel, queues_[n].frames);
        }
        used_ = 0;
    }

private:
    struct queue {
        floor_channels::index channel = floor_channels::none;
        std::string frames;
    };

    std::vector<queue> queues_;
    std::size_t used_ = 0;  // of queues_; the others keep their memory for later
};

}  // namespace notify::bench
