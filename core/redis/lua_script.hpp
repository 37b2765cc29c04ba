// SPDX-License-Identifier: MIT
//
// A script that Redis runs: its text, and the SHA-1 by which Redis remembers it.
//
// run() sends the SHA-1. When Redis does not know it (the first time, after a restart or a SCRIPT
// FLUSH), it sends the whole text with the same arguments, and Redis remembers it from then on.
// Only then may a script run later than one that was sent after it: whoever sends many in a row,
// and minds their order, has load() answered first.
//
// Immutable, so it may be shared by all threads.
#pragma once

#include "redis/redis_client.hpp"

#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace notify::redis {

class lua_script {
public:
    // REQUIRES: text outlives the script and all that it runs; it is a constant of the program.
    explicit lua_script(std::string_view text);

    [[nodiscard]] std::string_view text() const { return text_; }
    // 40 hexadecimal digits in lower case.
    [[nodiscard]] std::string_view sha1() const { return {sha1_.data(), sha1_.size()}; }

    // Runs it with one key. h gets the script's reply, which may be an error, or why there is none
    // (see redis_client::command()). Throws std::bad_alloc. REQUIRES: as there; client is still
    // there when the reply comes.
    void run(redis_client& client, std::string_view key, std::span<std::string_view const> args,
             redis_client::handler h) const;
    void run(redis_client& client, std::string_view key,
             std::initializer_list<std::string_view> args, redis_client::handler h) const;

    // The same as a coroutine, which returns a copy of the reply.
    [[nodiscard]] net::awaitable<result<reply>> async_run(redis_client& client, std::string key,
                                                          std::vector<std::string> args) const;

    // Has Redis remember it (SCRIPT LOAD). A refusal is an error reply; run() may work all the
    // same.
    void load(redis_client& client, redis_client::handler h) const;

private:
    std::string_view text_;
    std::array<char, 40> sha1_;
};

}  // namespace notify::redis
