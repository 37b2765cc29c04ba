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
        // Without memory the session stays in the queue, and the next tick flushes.
        schedule_();
    } catch (std::exception const&) {
    }
}

void flush_queue::flush()
{
    // The list is taken as a whole. A flush may end a session, and that end may queue something for
    // other sessions, or for one that was flushed already: this begins a queue of its own, with a
    // turn of its own, so that flush() ends however much is queued meanwhile.
    session_list flushing;
    flushing.swap(waiting_);
    while (!flushing.empty()) {
        // Held, since its flush may end it; unlinked first, so that it may queue again.
        boost::intrusive_ptr<session> const s{&flushing.front()};
        flushing.pop_front();
        s->attempt([&] { s->flush(); });
    }
}

}  // namespace notify::eio
