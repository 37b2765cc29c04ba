// SPDX-License-Identifier: MIT
#include "run.hpp"

#include "metronome.hpp"
#include "mint.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace notify::bench {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t at_once = 256;  // clients that are connecting
constexpr double per_second = 5'000;  // deliveries while latency is measured
constexpr auto patience = 10s;        // without a single delivery
constexpr poller::milliseconds settling = 2s;

}  // namespace

run::run(poller& loop, testbed const& bed, scenario const& s)
    : loop_{loop},
      bed_{bed},
      redis_{bed.redis()},
      crowd_{loop, bed.server(), s},
      publisher_{loop, bed, s}
{
    figures_.ran = s;
}

figures run::measure()
{
    warm_up();
    connect();
    if (auto const time = figures_.ran.idle; time > 0ms)
        figures_.idle = bed_.effort_of([&] { loop_.run_for(time); });
    full_speed();
    if (figures_.ran.latency > 0ms) fixed_rate();
    return account();
}

figures run::account()
{
    crowd_.account(figures_, publisher_.published());
    return std::move(figures_);
}

// Connects a few clients and closes them, so that memory that the server needs only once is not
// counted as that of the connections.
void run::warm_up()
{
    scenario s = figures_.ran;
    s.users = std::min<std::size_t>(16, s.tabs());
    s.tabs_per_user = 1;
    crowd first{loop_, bed_.server(), s};
    first.join(mint(s.users), s.users);
    first.leave();
    loop_.run_for(500ms);
}

std::vector<std::string> run::mint(std::size_t tabs)
{
    return mint_uuids(redis_, figures_.ran, tabs);
}

std::int64_t run::redis_memory()
{
    redis_.send("INFO memory");
    std::string const info = redis_.finish();
    return std::stoll(info.substr(info.find("used_memory:") + 12));
}

void run::connect()
{
    figures_.redis_bytes = -redis_memory();
    auto who = mint(figures_.ran.tabs());
    figures_.resident_bytes = -bed_.resident_bytes();
    figures_.connect = bed_.effort_of([&] { crowd_.join(std::move(who), at_once); });
    loop_.run_for(settling);
    figures_.resident_bytes += bed_.resident_bytes();
    figures_.redis_bytes += redis_memory();
}

// Keeps a window of messages under way until all are delivered.
void run::full_speed()
{
    using clock = std::chrono::steady_clock;
    scenario const& s = figures_.ran;
    std::uint64_t seen = 0;
    auto since = clock::now();
    auto const step = [&] {
        std::uint64_t const published = publisher_.published();
        std::uint64_t const on_their_way = published - crowd_.received() / s.tabs_per_user;
        std::uint64_t const room = s.window - std::min<std::uint64_t>(s.window, on_their_way);
        std::uint64_t const left = s.messages() - published;
        if (std::uint64_t const n = std::min(room, left); n > 0) publisher_.publish(n);
        if (std::exchange(seen, crowd_.received()) != seen) since = clock::now();
        figures_.stalled = clock::now() - since > patience;
        return (left == 0 && on_their_way == 0) || figures_.stalled;
    };
    figures_.load = bed_.effort_of([&] {
        if (!loop_.run(step, 600s)) figures_.stalled = true;
    });
    figures_.deliveries = crowd_.received();
}

void run::fixed_rate()
{
    scenario const& s = figures_.ran;
    crowd_.log_latency(&figures_.latencies);
    figures_.steady = bed_.effort_of([&] {
        metronome const ticks{loop_, per_second / static_cast<double>(s.tabs_per_user),
                              [this](std::uint64_t n) { publisher_.publish(n); }};
        loop_.run_for(s.latency);
    });
    std::uint64_t const due = publisher_.published() * s.tabs_per_user;
    if (!loop_.run([&] { return crowd_.received() >= due; }, patience)) figures_.stalled = true;
    crowd_.log_latency(nullptr);
}

}  // namespace notify::bench
