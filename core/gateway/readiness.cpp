// SPDX-License-Identifier: MIT
#include "gateway/readiness.hpp"

#include <fmt/format.h>

namespace notify {

std::string_view name_of(readiness r)
{
    switch (r) {
    case readiness::unproven: return "unproven";
    case readiness::ready: return "ready";
    case readiness::no_redis: return "no_redis";
    case readiness::silent: return "silent";
    case readiness::refused: return "refused";
    case readiness::draining: return "draining";
    }
    return "unknown";
}

std::string sentence_of(readiness r, std::string_view channel)
{
    switch (r) {
    case readiness::unproven: return "nothing that was published has come back from Redis yet";
    case readiness::ready: return "what is published comes back from Redis";
    case readiness::no_redis: return "there is no connection to Redis";
    case readiness::silent: return "what is published does not come back from Redis";
    case readiness::refused:
        return fmt::format("Redis refuses SUBSCRIBE or PUBLISH on {}; allow both, such as by ACL "
                           "SETUSER … +subscribe +publish &/app/gateway/*",
                           channel);
    case readiness::draining: return "the gateway is about to end; connect again for another one";
    }
    return "unknown";
}

// Nothing needs escaping: sentences are ours, and so is the channel.
std::string json_of(readiness r, std::string_view channel)
{
    if (r == readiness::ready) return "{\"status\":\"ready\"}\n";
    return fmt::format("{{\"status\":\"not_ready\",\"reason\":\"{}\",\"message\":\"{}\"}}\n",
                       name_of(r), sentence_of(r, channel));
}

}  // namespace notify
