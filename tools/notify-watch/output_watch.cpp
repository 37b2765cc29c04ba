// SPDX-License-Identifier: MIT
#include "output_watch.hpp"

#include "base/unique_fd.hpp"

#include <utility>

#include <sys/epoll.h>
#include <unistd.h>

namespace notify {

// To wait for standard output, Asio would make it non-blocking, also for all who share it: the
// shell and the commands. So this waits for an epoll set that contains only standard output. epoll
// always reports errors and hang-ups.
output_watch::output_watch(net::any_io_executor const& executor, std::function<void()> on_closed)
    : epoll_{executor}
{
    unique_fd set{::epoll_create1(EPOLL_CLOEXEC)};
    epoll_event event{};
    // epoll refuses a regular file, which has no reader that could close it.
    if (!set || ::epoll_ctl(set.get(), EPOLL_CTL_ADD, STDOUT_FILENO, &event) != 0) return;
    epoll_.assign(set.release());
    epoll_.async_wait(net::posix::descriptor_base::wait_read,
                      [closed = std::move(on_closed)](error_code const& ec) {
                          if (!ec) closed();
                      });
}

}  // namespace notify
