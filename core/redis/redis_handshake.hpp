// SPDX-License-Identifier: MIT
//
// The first commands on a connection to Redis: they say who we are and ask what the server is.
//
//     AUTH <user> <password>      if there is a password
//     SELECT <db>                 if it is not 0
//     CLIENT SETNAME <name>
//     INFO server                 version, mode, run id
//     ROLE                        master, slave or sentinel
//     PING
//
// All of them go out in one write, so a connect costs one round trip however much is asked. The
// replies are judged one by one. What an ACL or a proxy may refuse without harm (the name, INFO,
// ROLE) is no reason to fail; the rest ends the link with a sentence for the operator.
//
// Replies go in, a verdict comes out; there is no socket, so tests need no server. Owned by a
// redis_link, on its thread.
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
    // client_name must have no spaces. REQUIRES: options outlive this.
    redis_handshake(redis_options const& options, std::string_view client_name);

    // Returns all commands, encoded. REQUIRES: called once; it leaves nothing behind, since they
    // hold the password.
    [[nodiscard]] std::string take_commands() { return std::move(commands_); }

    // Takes the next reply. Returns "" if all is well, or a sentence that says why this connection
    // is of no use. REQUIRES: !done(), and no verdict before.
    [[nodiscard]] std::string on_reply(reply_view r);

    // True when all replies have come: commands may be sent.
    [[nodiscard]] bool done() const { return steps_done_ == steps_.size(); }

    // What INFO and ROLE have said so far. redis_link goes on writing to it after the handshake,
    // when it asks for the role again.
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
    std::vector<step> steps_;  // what was asked, in the order of the replies
    std::size_t steps_done_ = 0;
    server_facts server_;
};

}  // namespace notify::redis
