// SPDX-License-Identifier: MIT
#include "base/spawn.hpp"

#include "base/paced_line.hpp"

#include <boost/asio/co_spawn.hpp>
#include <spdlog/spdlog.h>

namespace notify {

void spawn(net::any_io_executor const& executor, net::awaitable<void> work, char const* name)
{
    net::co_spawn(executor, std::move(work), [name](std::exception_ptr failure) {
        if (!failure) return;
        try {
            std::rethrow_exception(failure);
        } catch (std::exception const& e) {
            // One for all coroutines of a thread: when memory is gone they fail by the thousand.
            thread_local paced_line line;
            if (auto const unsaid = line.due())
                spdlog::error("{} ended by an exception: {} (and {} before)", name, e.what(),
                              *unsaid);
        }
    });
}

}  // namespace notify
