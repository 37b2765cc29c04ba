// SPDX-License-Identifier: MIT
//
// Whether new clients should be sent to this gateway, and if not, why: what /readyz answers
// (docs/protocol.md, HTTP).
//
// Each shard has one, which its canary decides. The gateway is ready when all of its shards are and
// nobody has asked it to end. Plain values; any thread may use them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

enum class readiness : std::uint8_t {
    unproven,  // connected to Redis; the first canary has not come round yet
    ready,
    no_redis,  // a connection to Redis was lost, or cannot be made
    silent,    // what the shard publishes does not come back
    refused,   // Redis does not let it subscribe to the canary's channel, or publish on it
    draining,  // the gateway is about to end
};

// Returns the name, such as "no_redis"; a literal.
[[nodiscard]] std::string_view name_of(readiness r);

// Returns a sentence for people, without a full stop. channel: that of the canary, which an
// operator may have to allow.
[[nodiscard]] std::string sentence_of(readiness r, std::string_view channel);

// Returns one line of JSON: {"status":"ready"}, or {"status":"not_ready"} with a name as "reason"
// and its sentence as "message".
[[nodiscard]] std::string json_of(readiness r, std::string_view channel);

}  // namespace notify
