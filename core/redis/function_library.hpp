// SPDX-License-Identifier: MIT
//
// The function library `notify`: the scripts of log_scripts as functions of Redis, which a program
// in any language calls without a text of its own (docs/protocol.md, Stored notifications):
//
//     FCALL notify_send 1 /app/user/12345/notifications '{"message":"Hey"}'
//
// notify's own programs run the scripts and need no functions. They only see to it that the library
// is there, since somebody has to. Redis keeps it and copies it to replicas.
#pragma once

#include "base/unique_function.hpp"
#include "redis/redis_client.hpp"

#include <cstdint>
#include <string>

namespace notify::redis {

// Raise it with each change of a script: a Redis that has this version, or a newer one from another
// release of notify, keeps what it has.
inline constexpr std::int64_t function_library_version = 1;

// What FUNCTION LOAD takes.
[[nodiscard]] std::string function_library_text();

struct function_library_state {
    enum class kind : std::uint8_t {
        there,        // it was
        loaded,       // it is now
        unavailable,  // Redis has no functions (before 7.0), or not for us
        unknown,      // Redis was lost meanwhile
    };
    kind what = kind::unknown;
    std::string why;  // a sentence for people, if it is not there
};

// Asks for the library's version, and loads the library if there is none or an older one. Tells h
// from the event loop. REQUIRES: client is still there then.
void provide_functions(redis_client& client, unique_function<void(function_library_state)> h);

// The same as a coroutine.
[[nodiscard]] net::awaitable<function_library_state> async_provide_functions(redis_client& client);

}  // namespace notify::redis
