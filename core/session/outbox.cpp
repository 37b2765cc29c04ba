// SPDX-License-Identifier: MIT
#include "session/outbox.hpp"

#include "base/give_back.hpp"

#include <algorithm>

namespace notify::eio {

// A pong that is half sent has to be finished, so a newer one is queued behind it.
bool outbox::replaces_pong(frame const& f) const
{
    return f.is_pong() && pong_ != no_pong && !(pong_ == first_ && sent_ > 0);
}

// The limit holds for a pong too, unless it makes the outbox smaller. An empty outbox takes a frame
// of any size: a message above max_queue is possible, and must not be impossible to deliver.
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
    // From the one frame in the object straight to eight: a burst should not grow it step by step.
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

// small_vector::clear() would keep the memory.
void outbox::clear()
{
    give_back(frames_);
    first_ = 0;
    sent_ = 0;
    pong_ = no_pong;
    memory_ = 0;
}

// When all is sent, which is the usual case, nothing is walked over.
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

// Moves what is left to the front when at least 64 frames, and half of all, are sent: each frame is
// moved at most once on average, and the memory does not grow with what has been sent.
void outbox::forget_sent()
{
    if (first_ < 64 || first_ * 2 < frames_.size()) return;
    frames_.erase(frames_.begin(), frames_.begin() + first_);
    if (pong_ != no_pong) pong_ -= first_;
    first_ = 0;
}

}  // namespace notify::eio
