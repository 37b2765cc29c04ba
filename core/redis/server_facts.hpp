// SPDX-License-Identifier: MIT
//
// What a connection has learned of the server that it leads to, and which errors say that it is the
// wrong server.
//
// A gateway needs a master: taking a uuidCookie is a write. Replicas, Sentinels and clusters also
// accept connections and answer PING, and would fail only when a user comes. So they are refused by
// name while connecting, and recognised later by their errors.
//
// INFO and ROLE may be forbidden by an ACL, and some proxies do not know them. Then nothing is
// known, the connection is used all the same, and whatever does not work is reported when it
// happens.
//
// Plain values and pure functions. redis_link keeps the facts; the shard logs them and compares
// run_id of its two connections.
#pragma once

#include "redis/resp.hpp"

#include <string>
#include <string_view>

namespace notify::redis {

// Texts of the server, "" where unknown. version and mode are short and printable.
struct server_facts {
    std::string version;      // "7.0.15"
    std::string mode;         // "standalone", "cluster", "sentinel"
    std::string role;         // "master", "slave", "sentinel"
    std::string run_id;       // of this server process; no other has it
    bool tells_role = false;  // ROLE was answered, so it may be asked again
};

// Take what the replies to `INFO server` and to ROLE say. An error changes nothing.
void learn_info(server_facts& facts, reply_view r);
void learn_role(server_facts& facts, reply_view r);

// Returns why we cannot work with such a server and what to do about it, as the end of a sentence
// that begins with its address ("is a replica…"); "" if we can, or do not know.
[[nodiscard]] std::string_view unfit(server_facts const& facts);

// True for an error that is not about the command that it answers but about the server: it is a
// replica (READONLY, MASTERDOWN), is loading, is part of a cluster (MOVED, ASK, CLUSTERDOWN) or
// does not know us any more (NOAUTH). The remedy is a new connection, for which the address is
// resolved again.
[[nodiscard]] bool is_wrong_server(reply_view r);

// True for an error that says that the command does not exist, or is forbidden for this user. Then
// another command may do the same (GETDEL and EVAL, docs/protocol.md, uuidCookies).
[[nodiscard]] bool is_refused_command(reply_view r);

}  // namespace notify::redis
