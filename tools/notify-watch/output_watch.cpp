// SPDX-License-Identifier: MIT
#include "output_watch.hpp"

#include "base/unique_fd.hpp"

#include <utility>

#include <sys/epoll.h>
#include <unistd.h>

namespace notify {

// Asio would make standard output non-blocking in order to wait for it, also for
// everybody who shares it: the shell, the commands. So it waits for an epoll set
// that holds nothing but standard output; errors and hang-ups are always reported.
output_watch::output_watch(net::any_io_executor const& executor, std::function<void()> on_closed)
    : epoll_{executor}
{
    unique_fd set{::epoll_create1(EPOLL_CLOEXEC)};
    epoll_event event{};
    // A file cannot be waited for, and cannot be closed by a reader either.
    if (!set || ::epoll_ctl(set.get(), EPOLL_CTL_ADD, STDOUT_FILENO, &event) != 0) return;
    epoll_.assign(set.release());
    epoll_.async_wait(net::posix::descriptor_base::wait_read,
                      [closed = std::move(on_closed)](error_code const& ec) {
                          if (!ec) closed();
                      });
}

}  // namespace notify
