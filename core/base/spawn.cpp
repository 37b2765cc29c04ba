// SPDX-License-Identifier: MIT
#include "base/spawn.hpp"

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
            spdlog::error("{} ended by an exception: {}", name, e.what());
        }
    });
}

}  // namespace notify
