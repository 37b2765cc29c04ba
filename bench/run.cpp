// SPDX-License-Identifier: MIT
#include "run.hpp"

#include "base/random.hpp"
#include "identity/uuid_cookie.hpp"
#include "metronome.hpp"
#include "nchan.hpp"
#include "progress.hpp"
#include "redis_outlet.hpp"
#include "stall_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace notify::bench {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

namespace {

constexpr poller::milliseconds connect_within = 120s;
constexpr poller::milliseconds load_within = 600s;
constexpr poller::milliseconds redis_within = 30s;
constexpr std::chrono::seconds patience{10};  // without a single delivery
constexpr poller::milliseconds settling = 2s;

double seconds_since(clock::time_point begin)
{
    return std::chrono::duration<double>(clock::now() - begin).count();
}

scenario as_served(scenario s, testbed const& bed)
{
    if (bed.is_nchan()) s.by = carrier::nchan;
    return s;
}

std::unique_ptr<outlet> make_outlet(poller& loop, testbed const& bed, redis_pipe& redis)
{
    if (bed.is_nchan()) return std::make_unique<http_outlet>(loop, bed.server());
    return std::make_unique<redis_outlet>(redis);
}

}  // namespace

run::run(poller& loop, testbed const& bed, scenario const& s)
    : loop_{loop},
      bed_{bed},
      redis_{loop, bed.redis()},
      crowd_{loop, bed.server(), as_served(s, bed)},
      outlet_{make_outlet(loop, bed, redis_)},
      publisher_{*outlet_, s}
{
    figures_.ran = as_served(s, bed);
}

figures run::measure()
{
    warm_up();
    connect();
    if (figures_.ran.idle > 0ms) idle();
    full_speed();
    if (figures_.ran.latency_for > 0ms) fixed_rate();
    leave();
    return account();
}

figures run::account()
{
    figures_.lost = crowd_.lost(publisher_.published());
    figures_.out_of_order = crowd_.out_of_order();
    figures_.duplicates = crowd_.duplicates();
    figures_.strays = crowd_.strays();
    figures_.dropped = crowd_.dropped();
    return std::move(figures_);
}

// A few clients come and go, so that the program's own pages, which are there
// once, are not counted as a connection's.
void run::warm_up()
{
    say("warming up");
    scenario s = figures_.ran;
    std::size_t const few = std::min<std::size_t>(16, s.tabs());
    s.users = few;
    s.tabs_per_user = 1;
    crowd first{loop_, bed_.server(), s};
    first.join(mint(few), few, connect_within);
    first.leave();
    loop_.run_for(500ms);
}

// The uuidCookies of the first tabs, in order.
std::vector<tab::identity> run::mint(std::size_t tabs)
{
    scenario const& s = figures_.ran;
    std::vector<tab::identity> who;
    for (std::size_t n = 0; n < tabs; ++n) {
        who.push_back({random_uuid(), "", user_name(s.user_of(n))});
        std::string const key = std::string{uuid_cookies::default_prefix} + who.back().uuid;
        std::string const value = fmt::format(R"({{"userId":"{}"}})", user_name(s.user_of(n)));
        redis_.send({"SET", key, value, "EX", "120", "NX"});
    }
    redis_.finish(redis_within);
    return who;
}

std::int64_t run::redis_memory()
{
    std::int64_t bytes = 0;
    redis_.on_reply([&bytes](redis::reply_view r) {
        auto const at = r.text().find("used_memory:");
        if (at != std::string_view::npos) bytes = std::stoll(std::string{r.text().substr(at + 12)});
    });
    redis_.send({"INFO", "memory"});
    redis_.finish(redis_within);
    redis_.on_reply({});
    return bytes;
}

void run::connect()
{
    scenario const& s = figures_.ran;
    say(fmt::format("connecting {} clients", s.tabs()));
    std::int64_t const redis_before = redis_memory();
    auto who = mint(s.tabs());
    figures_.rss_before = bed_.resident_bytes();
    cpu_time const cpu_before = bed_.cpu();
    auto const begin = clock::now();
    crowd_.join(std::move(who), s.connect_at_once, connect_within);
    figures_.connect_seconds = seconds_since(begin);
    figures_.connect_cpu = bed_.cpu() - cpu_before;
    figures_.rss_connected = bed_.resident_bytes();
    loop_.run_for(settling);
    figures_.rss_settled = bed_.resident_bytes();
    figures_.redis_memory = redis_memory() - redis_before;
}

void run::idle()
{
    say("idle");
    cpu_time const before = bed_.cpu();
    auto const begin = clock::now();
    loop_.run_for(figures_.ran.idle);
    figures_.idle_seconds = seconds_since(begin);
    figures_.idle_cpu = bed_.cpu() - before;
    figures_.rss_settled = bed_.resident_bytes();
}

// Keeps a window of messages on their way, until all are delivered.
void run::full_speed()
{
    scenario const& s = figures_.ran;
    say(fmt::format("full speed: {} deliveries", s.messages() * s.tabs_per_user));
    stall_watch watch{patience};
    cpu_time const cpu_before = bed_.cpu();
    auto const begin = clock::now();
    auto const step = [&] {
        std::uint64_t const published = publisher_.published();
        std::uint64_t const on_their_way = published - crowd_.received() / s.tabs_per_user;
        std::uint64_t const room = s.window - std::min<std::uint64_t>(s.window, on_their_way);
        std::uint64_t const left = s.messages() - published;
        if (std::uint64_t const n = std::min(room, left); n > 0) publisher_.publish(n);
        figures_.stalled = watch.stalled(crowd_.received());
        return (left == 0 && on_their_way == 0) || figures_.stalled;
    };
    if (!loop_.run(step, load_within)) figures_.stalled = true;
    figures_.load_seconds = seconds_since(begin);
    figures_.load_cpu = bed_.cpu() - cpu_before;
    figures_.load_deliveries = crowd_.received();
    redis_.finish(redis_within);
    figures_.rss_after_load = bed_.resident_bytes();
}

void run::fixed_rate()
{
    scenario const& s = figures_.ran;
    say(fmt::format("latency at {} deliveries a second", s.rate));
    crowd_.log_latency(&figures_.latency);
    {
        metronome const ticks{loop_, s.rate / static_cast<double>(s.tabs_per_user),
                              [this](std::uint64_t n) { publisher_.publish(n); }};
        loop_.run_for(s.latency_for);
    }
    if (!wait_for_rest()) figures_.stalled = true;
    crowd_.log_latency(nullptr);
    redis_.finish(redis_within);
}

// Returns false if something published does not arrive.
bool run::wait_for_rest()
{
    std::uint64_t const due = publisher_.published() * figures_.ran.tabs_per_user;
    return loop_.run([&] { return crowd_.received() >= due; }, patience);
}

void run::leave()
{
    say("leaving");
    crowd_.leave();
    if (figures_.ran.leaving > 0ms) {
        loop_.run_for(figures_.ran.leaving);
        figures_.rss_after_leaving = bed_.resident_bytes();
    }
    say("");
}

}  // namespace notify::bench
