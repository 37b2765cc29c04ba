// SPDX-License-Identifier: MIT
//
// Measures a gateway: see README.md.
#include "child_process.hpp"
#include "cli/output.hpp"
#include "cli/run.hpp"
#include "figures.hpp"
#include "growth.hpp"
#include "options.hpp"
#include "poller.hpp"
#include "recovery.hpp"
#include "run.hpp"
#include "storm.hpp"
#include "testbed.hpp"

#include <fmt/format.h>

#include <sys/resource.h>

#include <cstdio>

namespace {

using namespace notify;
using namespace notify::bench;

// Each client needs a descriptor here and one in the server, which inherits the limit.
void raise_descriptor_limit(bench_options const& o)
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    for (scenario const& s : o.scenarios)
        if (s.tabs() + 200 > limit.rlim_cur)
            throw cli::failure{cli::exit_code::usage,
                               fmt::format("{} clients are more than the limit on open files ({}) "
                                           "allows; see ulimit -Hn",
                                           s.tabs(), limit.rlim_cur)};
}

figures measure(poller& loop, contestant const& server, scenario s)
{
    if (server.is_nchan()) {
        s.by = carrier::nchan;
        s.how = sending::post;
    }
    if (server.is_streams()) s.how = sending::stream;
    if (s.recovery) return measure_recovery(loop, server, s);
    if (s.storm) return measure_storm(loop, server, s);
    if (s.processes > 1) return measure_growth(loop, server, s);
    testbed const bed{loop, server};
    return bench::run{loop, bed, s}.measure();
}

// The servers take turns, so that a busy spell of the machine affects all of them.
cli::exit_code measure_all(bench_options const& o)
{
    raise_descriptor_limit(o);
    pin(0, o.other_cores);  // Redis and the processes of growth inherit it
    poller loop;
    bool flawless = true;
    for (std::size_t round = 1; round <= o.rounds; ++round)
        for (scenario const& s : o.scenarios)
            for (contestant const& server : o.servers) {
                if (!server.serves(s)) continue;
                fmt::print(stderr, "round {}: {}, {}\n", round, s.name, server.name);
                figures f = measure(loop, server, s);
                bool const pinned = !server.cores.empty();
                cli::print(to_json_line(f, {server.name, round, o.threads, o.cores, pinned}) +
                           "\n");
                cli::flush_output();
                flawless = flawless && f.flawless();
            }
    return flawless ? cli::exit_code::done : cli::exit_code::failed;
}

}  // namespace

int main(int argc, char** argv)
{
    return cli::run("notify-bench", [&] { return measure_all(bench::parse_options(argc, argv)); });
}
