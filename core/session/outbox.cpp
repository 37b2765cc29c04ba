// SPDX-License-Identifier: MIT
#include "session/outbox.hpp"

#include <algorithm>

namespace notify::eio {

bool outbox::try_push(frame f, std::size_t limit)
{
    std::size_t const size = f.wire().size();
    if (!empty() && bytes_ + size > limit) return false;
    frames_.push_back(std::move(f));
    bytes_ += size;
    return true;
}

std::span<frame const> outbox::frames() const { return std::span{frames_}.subspan(first_); }

std::size_t outbox::gather(std::span<std::string_view> out) const
{
    auto const queued = frames();
    std::size_t const n = std::min(queued.size(), out.size());
    for (std::size_t i = 0; i < n; ++i) out[i] = queued[i].wire();
    if (n > 0) out[0].remove_prefix(sent_);
    return n;
}

void outbox::consume(std::size_t n)
{
    while (n > 0) {
        std::size_t const left = frames_[first_].wire().size() - sent_;
        if (n < left) {
            sent_ += static_cast<std::uint32_t>(n);
            return;
        }
        n -= left;
        bytes_ -= left + sent_;
        sent_ = 0;
        ++first_;
    }
    if (first_ == frames_.size()) {
        clear();
    } else if (first_ >= 64 && first_ * 2 >= frames_.size()) {
        // Moves what is left to the front, at most once per frame on average.
        frames_.erase(frames_.begin(), frames_.begin() + first_);
        first_ = 0;
    }
}

}  // namespace notify::eio
