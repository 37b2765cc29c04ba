// SPDX-License-Identifier: MIT
//
// Notices that nobody reads standard output any more (`notify-watch … | head -1`), without writing
// to it: the next notification may be hours away.
//
// Used by one thread.
#pragma once

#include "base/net.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>

namespace notify {

class output_watch {
public:
    // on_closed is called at most once, by the event loop.
    output_watch(net::any_io_executor const& executor, std::function<void()> on_closed);

private:
    net::posix::stream_descriptor epoll_;
};

}  // namespace notify
