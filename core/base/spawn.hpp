// SPDX-License-Identifier: MIT
//
// Starts a coroutine whose end nobody waits for. An exception in one is a bug or
// an exhausted machine: it is logged, what the coroutine owned ends, and the
// process goes on.
#pragma once

#include "base/net.hpp"

namespace notify {

// name says in the log what ended, such as "http connection".
void spawn(net::any_io_executor const& executor, net::awaitable<void> work, char const* name);

}  // namespace notify
