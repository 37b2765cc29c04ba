// SPDX-License-Identifier: MIT
//
// The frames to send after one read from Redis, by channel and in order: all tabs of a channel get
// the same bytes. The memory is used again for each read, so that after a while nothing is
// allocated.
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
    // Queues a message's text as a frame. REQUIRES: at is the number of channel.
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

    // Calls send(channel, bytes) once for each channel, and empties the batch.
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
    std::size_t used_ = 0;  // of queues_; the rest keep their memory for later
};

}  // namespace notify::bench
