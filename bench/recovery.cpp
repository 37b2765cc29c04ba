// SPDX-License-Identifier: MIT
#include "recovery.hpp"

#include "crowd.hpp"
#include "mint.hpp"
#include "publisher.hpp"
#include "redis_pipe.hpp"
#include "testbed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace notify::bench {

using namespace std::chrono_literals;

namespace {

constexpr poller::milliseconds noticing = 2s;  // until the server has noticed that all are gone
constexpr poller::milliseconds connect_patience = 60s;

// What notify's scripts call inside Redis, which no client sends.
constexpr std::array inner{"lindex", "llen", "lrange", "rpush", "ltrim", "expire",
                           "ttl",    "time", "hget",   "hmget", "hset",  "publish"};

// Returns how many commands clients have sent to Redis so far.
std::uint64_t commands(redis_pipe& redis)
{
    redis.send("INFO commandstats");
    std::string const info = redis.finish();
    std::uint64_t sum = 0;
    constexpr std::string_view before = "cmdstat_";
    constexpr std::string_view calls = ":calls=";
    for (auto at = info.find(before); at != info.npos; at = info.find(before, at + 1)) {
        auto const end = info.find(calls, at);
        std::string_view const name =
            std::string_view{info}.substr(at + before.size(), end - at - before.size());
        if (std::find(inner.begin(), inner.end(), name) != inner.end()) continue;
        std::uint64_t n = 0;
        std::from_chars(info.data() + end + calls.size(), info.data() + info.size(), n);
        sum += n;
    }
    return sum;
}

// Sends a notification to each user, and awaits them where somebody is there to get it.
void send_one_each(poller& loop, publisher& by, crowd const& all, scenario const& s, bool received)
{
    by.publish(s.users);
    if (!received) return loop.run_for(noticing);
    if (!loop.run([&] { return all.received() >= by.published(); }, connect_patience))
        throw std::runtime_error{
            fmt::format("{} of {} notifications came in time", all.received(), by.published())};
}

}  // namespace

figures measure_recovery(poller& loop, contestant const& server, scenario const& s)
{
    testbed const bed{loop, server};
    redis_pipe redis{bed.redis()};
    crowd all{loop, bed.server(), s};
    publisher sender{loop, bed, s};
    all.join(mint_uuids(redis, s, s.users), 256);
    send_one_each(loop, sender, all, s, true);  // Socket.IO recovers nobody who has got nothing yet

    figures f;
    f.ran = s;
    all.leave();
    send_one_each(loop, sender, all, s, false);
    f.recovery_commands = commands(redis);
    f.recovery = bed.effort_of([&] { all.recover(s.users); });
    f.recovery_commands = commands(redis) - f.recovery_commands;
    f.recovered = all.recovered();
    loop.run([&] { return all.received() >= sender.published(); }, 5s);
    all.account(f, sender.published());

    all.leave();
    loop.run_for(noticing);
    auto const who = mint_uuids(redis, s, s.users);
    f.reconnect_commands = commands(redis);
    f.reconnect = bed.effort_of([&] { all.join(who, s.users); });
    f.reconnect_commands = commands(redis) - f.reconnect_commands;
    return f;
}

}  // namespace notify::bench
