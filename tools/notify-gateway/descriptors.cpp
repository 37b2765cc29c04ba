// SPDX-License-Identifier: MIT
#include "descriptors.hpp"

#include <spdlog/spdlog.h>

#include <sys/resource.h>

#include <algorithm>

namespace notify {

namespace {

std::size_t descriptor_limit()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

// Descriptors that a shard needs besides its clients': the listener, two epoll sets and their
// timers, two connections to Redis and two that replace them, and those to the web app.
std::size_t of_shard(gateway_settings const& s) { return 16 + s.web_app_limits.pace.at_once; }

}  // namespace

void raise_descriptor_limit(gateway_settings& settings)
{
    capacity_limits& c = settings.capacity;
    std::size_t const files = descriptor_limit();
    c.guests = std::clamp<std::size_t>(files / 16, 8, 256);
    std::size_t const kept_back = 32 + of_shard(settings) * settings.threads + c.guests;
    std::size_t const possible = files > kept_back + 16 ? files - kept_back : 16;
    if (c.connections > possible)
        spdlog::warn("--max-connections {} is more than the {} that the limit on open files "
                     "({}) leaves; see ulimit -n",
                     c.connections, possible, files);
    c.connections = c.connections == 0 ? possible : std::min(c.connections, possible);
    if (c.sessions == 0) c.sessions = c.connections;
    constexpr std::size_t usual = 1024;
    constexpr std::size_t least = 64 << 20;
    if (c.kept == 0) c.kept = std::max(least, usual * c.sessions);
}

}  // namespace notify
