// SPDX-License-Identifier: MIT
//
// What a connection has learned of the server that it leads to, and which errors
// say that it leads to the wrong one.
//
// INFO and ROLE may be forbidden, and some proxies don't know them: then nothing
// is known, and whatever does not work is said when it is met.
#pragma once

#include "redis/resp.hpp"

#include <string>
#include <string_view>

namespace notify::redis {

struct server_facts {
    std::string version;      // "7.0.15"; "" if unknown
    std::string mode;         // "standalone", "cluster", "sentinel"; "" if unknown
    std::string role;         // "master", "slave", "sentinel"; "" if unknown
    std::string run_id;       // of this process, no other has it; "" if unknown
    bool tells_role = false;  // ROLE may be asked again
};

// Take what the replies to `INFO server` and to ROLE say; nothing from an error.
void learn_info(server_facts& facts, reply_view r);
void learn_role(server_facts& facts, reply_view r);

// What keeps us from working with such a server, and what to do about it, as the
// end of a sentence that begins with its address: "is a replica…". "" if nothing.
[[nodiscard]] std::string_view unfit(server_facts const& facts);

// True if an error is not about the command that it answers: this server is not,
// or not any more or not yet, the one to ask, or does not know us any more. What
// helps is another connection, for which the address is asked for again.
[[nodiscard]] bool is_wrong_server(reply_view r);

// True if it says that there is no such command, or none for this user.
[[nodiscard]] bool is_refused_command(reply_view r);

}  // namespace notify::redis
