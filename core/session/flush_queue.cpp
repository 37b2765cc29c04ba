// SPDX-License-Identifier: MIT
#include "session/flush_queue.hpp"

namespace notify::eio {

void flush_queue::add(session& s)
{
    if (s.in_flush_queue_) return;
    s.in_flush_queue_ = true;
    waiting_.emplace_back(&s);
    if (waiting_.size() == 1) schedule_();
}

void flush_queue::flush()
{
    // A flush may end sessions, whose end may queue something for others: that
    // begins a queue, and a turn, of its own.
    flushing_.swap(waiting_);
    for (auto const& s : flushing_) {
        s->in_flush_queue_ = false;
        s->flush();
    }
    flushing_.clear();
}

}  // namespace notify::eio
