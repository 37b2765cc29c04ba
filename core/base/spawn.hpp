// SPDX-License-Identifier: MIT
//
// Starts a coroutine whose end nobody waits for, such as that of one HTTP connection.
//
// An exception that leaves it is a bug, or means that memory is exhausted. It is logged, what the
// coroutine owned is destroyed, and the process goes on: one client pays, not all of them. With
// Asio's own `detached`, the failure would pass without a word.
#pragma once

#include "base/net.hpp"

namespace notify {

// Starts work on executor; it may run up to its first suspension before this returns. name says in
// the log what ended, such as "http connection"; it is kept as a pointer, so a literal. Throws
// std::bad_alloc if there is no memory to start; then work has not begun.
void spawn(net::any_io_executor const& executor, net::awaitable<void> work, char const* name);

}  // namespace notify
