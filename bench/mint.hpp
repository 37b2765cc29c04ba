// SPDX-License-Identifier: MIT
//
// By what the tabs of a scenario say who they are.
#pragma once

#include "base/random.hpp"
#include "redis_pipe.hpp"
#include "scenario.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace notify::bench {

// Returns a fresh uuidCookie for each of the first tabs; the user's id for servers that ask for
// none.
inline std::vector<std::string> mint_uuids(redis_pipe& redis, scenario const& s, std::size_t tabs)
{
    std::vector<std::string> who;
    for (std::size_t n = 0; n < tabs; ++n) {
        who.push_back(user_name(s.user_of(n)));
        if (!s.asks_who()) continue;
        std::string const user = std::exchange(who.back(), random_uuid());
        redis.send(R"(SET cookie-%s {"userId":"%s"} EX 120 NX)", who.back().c_str(), user.c_str());
    }
    redis.finish();
    return who;
}

}  // namespace notify::bench
