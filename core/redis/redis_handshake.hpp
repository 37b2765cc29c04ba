// SPDX-License-Identifier: MIT
//
// The first commands of a connection to Redis: who we are, and what it is. Replies
// in, a verdict out; no socket.
//
// They go out together, so that a connection costs one round trip whatever is asked.
#pragma once

#include "redis/redis_options.hpp"
#include "redis/resp.hpp"
#include "redis/server_facts.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace notify::redis {

class redis_handshake {
public:
    // client_name: shown by CLIENT LIST. REQUIRES: options outlive this.
    redis_handshake(redis_options const& options, std::string_view client_name);

    // Returns the commands, and forgets them.
    [[nodiscard]] std::string take_commands() { return std::move(commands_); }

    // Takes the next reply. Returns why the connection is of no use, as a sentence,
    // or "". REQUIRES: !done().
    [[nodiscard]] std::string on_reply(reply_view r);

    [[nodiscard]] bool done() const { return steps_done_ == steps_.size(); }

    [[nodiscard]] server_facts const& server() const { return server_; }
    [[nodiscard]] server_facts& server() { return server_; }

private:
    enum class step : std::uint8_t { auth, select, set_name, info, role, ping };

    void add(step s, std::initializer_list<std::string_view> args);
    [[nodiscard]] std::string on_auth(reply_view r) const;
    [[nodiscard]] std::string on_ping(reply_view r) const;
    [[nodiscard]] std::string on_role(reply_view r);
    [[nodiscard]] std::string refused(std::string_view what, reply_view r) const;
    [[nodiscard]] std::string at() const { return options_.address.to_string(); }

    redis_options const& options_;
    std::string commands_;
    std::vector<step> steps_;  // in order
    std::size_t steps_done_ = 0;
    server_facts server_;
};

}  // namespace notify::redis
