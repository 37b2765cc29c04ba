// SPDX-License-Identifier: MIT
#include "session/outbox.hpp"

#include "base/give_back.hpp"

#include <algorithm>

namespace notify::eio {

// A pong that is half sent has to be finished.
bool outbox::replaces_pong(frame const& f) const
{
    return f.is_pong() && pong_ != no_pong && !(pong_ == first_ && sent_ > 0);
}

bool outbox::try_push(frame f, std::size_t limit)
{
    std::size_t const size = f.memory();
    if (replaces_pong(f)) {
        std::size_t const memory = memory_ - frames_[pong_].memory() + size;
        if (memory > limit && memory > memory_) return false;
        memory_ = memory;
        frames_[pong_] = std::move(f);
        return true;
    }
    if (!empty() && memory_ + size > limit) return false;
    // From the one that it has to eight: a burst is not to grow it step by step.
    if (frames_.size() == frames_.capacity())
        frames_.reserve(std::max<std::size_t>(8, frames_.size() * 2));
    if (f.is_pong()) pong_ = static_cast<std::uint32_t>(frames_.size());
    frames_.push_back(std::move(f));
    memory_ += size;
    return true;
}

std::span<frame const> outbox::frames() const
{
    return std::span{frames_.data(), frames_.size()}.subspan(first_);
}

void outbox::clear()
{
    give_back(frames_);
    first_ = 0;
    sent_ = 0;
    pong_ = no_pong;
    memory_ = 0;
}

void outbox::pop(std::size_t n, std::size_t sent_of_next)
{
    if (n == frames_.size() - first_) return clear();
    for (std::size_t const end = first_ + n; first_ < end; ++first_) {
        memory_ -= frames_[first_].memory();
        if (pong_ == first_) pong_ = no_pong;
    }
    sent_ = static_cast<std::uint32_t>(sent_of_next);
    forget_sent();
}

// Moves what is left to the front, at most once per frame on average.
void outbox::forget_sent()
{
    if (first_ == frames_.size()) return clear();
    if (first_ < 64 || first_ * 2 < frames_.size()) return;
    frames_.erase(frames_.begin(), frames_.begin() + first_);
    if (pong_ != no_pong) pong_ -= first_;
    first_ = 0;
}

}  // namespace notify::eio
