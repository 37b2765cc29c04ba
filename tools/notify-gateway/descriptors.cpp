// SPDX-License-Identifier: MIT
#include "descriptors.hpp"

#include <spdlog/spdlog.h>

#include <sys/resource.h>

#include <algorithm>

namespace notify {

void raise_descriptor_limit(gateway_settings& settings)
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);

    // Redis, the web app, listeners, logs; and some for each shard.
    std::size_t const kept = 64 + 32 * settings.threads;
    std::size_t const files = limit.rlim_cur;
    std::size_t const possible = files > kept + 16 ? files - kept : 16;
    std::size_t const wanted =
        settings.http.max_connections == 0 ? possible : settings.http.max_connections;
    if (wanted > possible)
        spdlog::warn("--max-connections {} is more than the {} that the limit on open files "
                     "({}) leaves; see ulimit -n",
                     wanted, possible, files);
    // Each shard takes its share; the kernel spreads connections evenly.
    std::size_t const all = std::min(wanted, possible);
    settings.http.max_connections = (all + settings.threads - 1) / settings.threads;
}

}  // namespace notify
