// SPDX-License-Identifier: MIT
#include "session/outbox.hpp"

#include "base/give_back.hpp"

#include <algorithm>

namespace notify::eio {

bool outbox::try_push(frame f, std::size_t limit)
{
    std::size_t const size = f.wire().size();
    if (!empty() && bytes_ + size > limit) return false;
    // From the one that it has to eight: a burst is not to grow it step by step.
    if (frames_.size() == frames_.capacity())
        frames_.reserve(std::max<std::size_t>(8, frames_.size() * 2));
    frames_.push_back(std::move(f));
    bytes_ += size;
    return true;
}

std::span<frame const> outbox::frames() const
{
    return std::span{frames_.data(), frames_.size()}.subspan(first_);
}

// A copy of what is small costs less than to have the kernel gather it.
std::string_view outbox::bytes_to_send(std::span<char> scratch) const
{
    auto const queued = frames();
    std::string_view const first = queued.front().wire().substr(sent_);
    if (queued.size() == 1 || first.size() + queued[1].wire().size() > scratch.size()) return first;
    char* to = std::copy_n(first.data(), first.size(), scratch.data());
    for (frame const& f : queued.subspan(1)) {
        std::string_view const wire = f.wire();
        if (wire.size() > static_cast<std::size_t>(scratch.data() + scratch.size() - to)) break;
        to = std::copy_n(wire.data(), wire.size(), to);
    }
    return {scratch.data(), static_cast<std::size_t>(to - scratch.data())};
}

void outbox::clear()
{
    give_back(frames_);
    first_ = 0;
    sent_ = 0;
    bytes_ = 0;
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
