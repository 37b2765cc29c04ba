// SPDX-License-Identifier: MIT
#include "storm.hpp"

#include "crowd.hpp"
#include "progress.hpp"
#include "publisher.hpp"
#include "testbed.hpp"
#include "web_app.hpp"

#include <fmt/format.h>

#include <chrono>
#include <vector>

namespace notify::bench {

using namespace std::chrono_literals;

namespace {

constexpr poller::milliseconds within = 120s;

std::vector<tab::identity> cookies_of(scenario const& s)
{
    std::vector<tab::identity> who;
    for (std::size_t n = 0; n < s.users; ++n) who.push_back({"", user_name(n), ""});
    return who;
}

}  // namespace

figures measure_storm(poller& loop, testbed_options const& options, contestant const& server,
                      scenario const& s)
{
    web_app app{loop};
    testbed const bed{loop, options, server, app.port()};
    crowd all{loop, bed.server(), s};
    say(fmt::format("connecting {} clients", s.users));
    all.join(cookies_of(s), s.connect_at_once, within);

    say("storm");
    figures f;
    f.ran = s;
    app.reset_account();
    cpu_time const cpu_before = bed.cpu();
    auto const begin = std::chrono::steady_clock::now();
    all.leave();
    all.join(cookies_of(s), s.users, within);
    f.storm_seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    f.storm_cpu = bed.cpu() - cpu_before;
    f.web_app_asked = app.asked();
    f.web_app_at_once = app.most_at_once();
    say("");
    return f;
}

}  // namespace notify::bench
