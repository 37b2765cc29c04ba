// SPDX-License-Identifier: MIT
#include "growth.hpp"

#include "progress.hpp"
#include "run.hpp"
#include "testbed.hpp"
#include "worker.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <vector>

namespace notify::bench {

namespace {

using clock = std::chrono::steady_clock;

// The clients of one worker, in two steps: they connect, they receive.
std::vector<worker::step> steps_of(poller& loop, testbed const& bed, scenario const& s)
{
    auto const part = std::make_shared<run>(loop, bed, s);
    return {[part] {
                part->connect();
                return step_report{};
            },
            [part] {
                part->full_speed();
                figures const f = part->account();
                return step_report{f.load_deliveries, f.flaws(), {}};
            }};
}

class parts {
public:
    parts(poller& loop, testbed const& bed, scenario s) : loop_{loop}
    {
        for (std::size_t n = 0; n < s.processes; ++n, s.first_user += s.users)
            workers_.emplace_back([&bed, s](poller& own) { return steps_of(own, bed, s); });
    }

    // All take their next step, side by side or one after the other.
    step_report step(bool side_by_side)
    {
        step_report sum;
        if (side_by_side)
            for (worker& w : workers_) w.go();
        for (worker& w : workers_) {
            if (!side_by_side) w.go();
            step_report const r = w.hear(loop_);
            sum.deliveries += r.deliveries;
            sum.flaws += r.flaws;
        }
        return sum;
    }

private:
    poller& loop_;
    std::vector<worker> workers_;
};

double seconds_since(clock::time_point begin)
{
    return std::chrono::duration<double>(clock::now() - begin).count();
}

}  // namespace

figures measure_growth(poller& loop, testbed_options const& options, contestant const& server,
                       scenario const& s)
{
    figures f;
    f.ran = s;
    f.ran.users = s.users * s.processes;
    testbed const bed{loop, options, server, 0, s.processes};
    parts all{loop, bed, s};

    say(fmt::format("connecting {} clients", f.ran.users));
    f.rss_before = bed.resident_bytes();
    cpu_time cpu_before = bed.cpu();
    auto begin = clock::now();
    all.step(false);
    f.connect_seconds = seconds_since(begin);
    f.connect_cpu = bed.cpu() - cpu_before;
    f.rss_connected = f.rss_settled = bed.resident_bytes();

    say("full speed");
    cpu_before = bed.cpu();
    begin = clock::now();
    step_report const load = all.step(true);
    f.load_seconds = seconds_since(begin);
    f.load_cpu = bed.cpu() - cpu_before;
    f.load_deliveries = load.deliveries;
    f.lost = load.flaws;
    f.rss_after_load = bed.resident_bytes();
    say("");
    return f;
}

}  // namespace notify::bench
