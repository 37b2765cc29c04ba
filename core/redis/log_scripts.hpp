// SPDX-License-Identifier: MIT
//
// The scripts that keep a user's log of stored notifications in Redis (docs/protocol.md, Stored
// notifications). Their texts are core/redis/lua/*.lua, which say what they take and answer; CMake
// makes constants of them.
#pragma once

#include "redis/lua_script.hpp"

namespace notify::redis {

// Each is made at its first use and lives as long as the process.
[[nodiscard]] lua_script const& send_script();
[[nodiscard]] lua_script const& read_script();
[[nodiscard]] lua_script const& mark_script();

}  // namespace notify::redis
