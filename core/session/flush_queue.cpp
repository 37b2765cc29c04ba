// SPDX-License-Identifier: MIT
#include "session/flush_queue.hpp"

#include <exception>

namespace notify::eio {

void flush_queue::add(session& s) noexcept
{
    if (s.flush_hook::is_linked()) return;
    bool const first = waiting_.empty();
    waiting_.push_back(s);
    if (!first) return;
    try {
        schedule_();
    } catch (std::exception const&) {  // no memory: the next sweep flushes
    }
}

void flush_queue::flush()
{
    // A flush may end sessions, whose end may queue something for others: that
    // begins a queue, and a turn, of its own.
    session_list flushing;
    flushing.swap(waiting_);
    while (!flushing.empty()) {
        boost::intrusive_ptr<session> const s{&flushing.front()};
        flushing.pop_front();
        s->attempt([&] { s->flush(); });
    }
}

}  // namespace notify::eio
