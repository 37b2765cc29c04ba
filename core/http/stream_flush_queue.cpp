// SPDX-License-Identifier: MIT
#include "http/stream_flush_queue.hpp"

#include <boost/asio/post.hpp>

#include <exception>

namespace notify {

void stream_flush_queue::add(waiting_stream& s) noexcept
{
    if (s.hook::is_linked()) return;
    bool const is_first = waiting_.empty();
    waiting_.push_back(s);
    if (!is_first) return;
    try {
        net::post(loop_, [this] { flush(); });
    } catch (std::exception const&) {
        flush();
    }
}

// Taken out first: a flush may end its stream.
void stream_flush_queue::flush() noexcept
{
    while (!waiting_.empty()) {
        waiting_stream& s = waiting_.front();
        waiting_.pop_front();
        s.flush();
    }
}

}  // namespace notify
