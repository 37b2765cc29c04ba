// SPDX-License-Identifier: MIT
#include "options.hpp"

#include "child_process.hpp"
#include "cli/command_line.hpp"
#include "cli/duration.hpp"
#include "http/http_client.hpp"
#include "nchan.hpp"
#include "redis/redis_options.hpp"

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>

namespace notify::bench {

namespace {

using cli::exit_code;
using cli::failure;

struct typed {
    std::vector<std::string> servers{"gateway"};
    std::vector<std::string> scenarios{"users", "tabs"};
    std::size_t rounds = 1;
    std::size_t connections = 0;
    std::size_t processes = 10;
    std::size_t tabs = 1'000;
    std::uint64_t deliveries = 1'000'000;
    std::size_t window = 0;
    std::size_t at_once = 256;
    double rate = 5'000;
    std::string latency_for = "10s";
    std::string idle = "30s";
    std::string leaving = "8s";
    std::string gateway;
    std::size_t threads = 1;
    std::vector<std::string> gateway_args{"--log-level=warn"};
    bool no_pin = false;
    std::string attach;
    pid_t gateway_pid = 0;
    std::string redis{redis::redis_options::default_url};
};

template <class T>
T take(result<T> r, char const* option)
{
    if (!r) throw failure{exit_code::usage, fmt::format("{}: {}", option, r.error().message)};
    return std::move(*r);
}

// 0 turns a phase off.
poller::milliseconds duration(std::string const& text, char const* option)
{
    if (text == "0") return poller::milliseconds{0};
    return take(cli::parse_duration(text), option);
}

void add_load(CLI::App& app, typed& t)
{
    auto const count = CLI::Range(std::size_t{1}, std::size_t{1'000'000'000});
    app.add_option("--scenario", t.scenarios,
                   "users, tabs, one-by-one, polling, storm or growth (README.md);\n"
                   "repeatable; default users and tabs")
        ->check(CLI::IsMember({"users", "tabs", "one-by-one", "polling", "storm", "growth"}));
    app.add_option("--rounds", t.rounds, "How often all of it; default 1")
        ->check(CLI::Range(std::size_t{1}, std::size_t{100}));
    app.add_option("--connections", t.connections,
                   "Users, with one tab each; default 10000, of growth 19000 in\n"
                   "each process")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}));
    app.add_option("--processes", t.processes,
                   "Of growth, gateways and as many of the bench; default 10")
        ->check(CLI::Range(std::size_t{2}, std::size_t{100}));
    app.add_option("--tabs", t.tabs, "Tabs of the one user of tabs and one-by-one; default 1000")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}));
    app.add_option("--deliveries", t.deliveries, "At full speed; default 1000000")->check(count);
    app.add_option(
           "--window", t.window,
           "Messages on their way at full speed; default 4000, 16 (tabs) or\n1 (one-by-one)")
        ->check(count);
    app.add_option("--at-once", t.at_once, "Clients on their way in; default 256")->check(count);
    app.add_option("--rate", t.rate,
                   "Deliveries per second while latency is measured; default 5000")
        ->check(CLI::PositiveNumber);
    app.add_option("--latency-for", t.latency_for, "Measure latency so long; default 10s, 0: not");
    app.add_option("--idle", t.idle, "Measure the cost of idle users so long; default 30s, 0: not");
    app.add_option("--leaving", t.leaving,
                   "Look at memory so long after all have left; default 8s, 0: not");
}

void add_bed(CLI::App& app, typed& t)
{
    app.add_option("--server", t.servers,
                   "gateway, floor (the least work that can do it), node (Socket.IO's\n"
                   "own server) or nchan (Nginx, with Debian's libnginx-mod-nchan);\n"
                   "repeatable, they take turns; default gateway")
        ->check(CLI::IsMember({"gateway", "floor", "node", "nchan"}));
    app.add_option("--gateway", t.gateway,
                   "The gateway to measure; default: notify-gateway beside this program");
    app.add_option("--threads", t.threads, "Its shards; default 1")->check(CLI::Range(1, 256));
    app.add_option("--gateway-arg", t.gateway_args,
                   "A further argument for it; repeatable;\ndefault --log-level=warn");
    app.add_flag("--no-pin", t.no_pin,
                 "Let all run on any core; else, where there are more cores than\n"
                 "shards, each shard has one and Redis and the bench the rest");
    auto* const attach = app.add_option(
        "--attach", t.attach, "Measure the server that runs at this URL; on loopback only");
    app.add_option("--gateway-pid", t.gateway_pid, "Its process")->needs(attach);
    app.add_option("--redis", t.redis, "Its Redis; default redis://127.0.0.1:6379")->needs(attach);
}

std::filesystem::path beside_us(char const* program)
{
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / program;
}

contestant server_of(typed const& t, std::string const& name)
{
    if (name == "node") return {name, {"node", NOTIFY_BENCH_PEERS "/node/server.mjs"}};
    if (name == "nchan") {
        if (!std::filesystem::exists(nchan_module))
            throw failure{exit_code::usage,
                          fmt::format("there is no {}; it comes with Debian's libnginx-mod-nchan",
                                      nchan_module)};
        return {name, {}, false};
    }
    bool const is_floor = name == "floor";
    std::filesystem::path const program = is_floor            ? beside_us("notify-bench-floor")
                                          : t.gateway.empty() ? beside_us("notify-gateway")
                                                              : std::filesystem::path{t.gateway};
    if (!std::filesystem::exists(program))
        throw failure{exit_code::usage,
                      fmt::format("there is no {}; build it, or say --gateway where it is",
                                  program.string())};
    if (is_floor) return {name, {program.string(), "--batch"}, false, true};
    contestant c{name, {program.string(), fmt::format("--threads={}", t.threads)}, true, true};
    c.command.insert(c.command.end(), t.gateway_args.begin(), t.gateway_args.end());
    return c;
}

testbed_options bed_of(typed const& t)
{
    testbed_options bed;
    if (!t.attach.empty()) {
        if (t.gateway_pid <= 0)
            throw failure{exit_code::usage, "--attach needs --gateway-pid, to measure its use"};
        bed.attach = {take(parse_http_url(t.attach), "--attach").address, t.gateway_pid,
                      take(redis::parse_redis_url(t.redis), "--redis").address};
        return bed;
    }
    auto const cores = usable_cores();
    if (t.no_pin || cores.size() <= t.threads) return bed;
    auto const split = cores.begin() + static_cast<std::ptrdiff_t>(t.threads);
    bed.server_cores.assign(cores.begin(), split);
    bed.other_cores.assign(split, cores.end());
    return bed;
}

scenario scenario_of(typed const& t, std::string const& name)
{
    bool const is_fan_out = name == "tabs" || name == "one-by-one";
    scenario s;
    s.name = name;
    s.by = name == "polling" ? carrier::polling : carrier::websocket;
    s.storm = name == "storm";
    s.processes = name == "growth" ? t.processes : 1;
    s.users = is_fan_out          ? 1
              : t.connections > 0 ? t.connections
              : name == "growth"  ? 19'000
                                  : 10'000;
    s.tabs_per_user = is_fan_out ? t.tabs : 1;
    s.window = t.window > 0 ? t.window : name == "tabs" ? 16 : is_fan_out ? 1 : 4'000;
    s.deliveries = t.deliveries;
    s.rate = t.rate;
    s.connect_at_once = t.at_once;
    s.latency_for = duration(t.latency_for, "--latency-for");
    s.leaving = duration(t.leaving, "--leaving");
    if (!is_fan_out) s.idle = duration(t.idle, "--idle");
    return s;
}

}  // namespace

bench_options parse_options(int argc, char const* const* argv)
{
    typed t;
    cli::command_line line{
        "notify-bench",
        "measure a notify-gateway: connections, memory, deliveries, latency; one line of\n"
        "JSON a run",
        {"notify-bench", "notify-bench --scenario users --connections 1000 --deliveries 100000",
         "notify-bench --attach http://127.0.0.1:3000 --gateway-pid $(pidof notify-gateway)"}};
    add_load(line.app(), t);
    add_bed(line.app(), t);
    line.app().footer("Exit status: 0 nothing lost, 1 failed or lost, 2 wrong usage");
    line.parse(argc, argv);

    bench_options o;
    o.bed = bed_of(t);
    o.threads = o.bed.attach ? 0 : t.threads;
    o.cores = usable_cores().size();
    o.rounds = t.rounds;
    if (o.bed.attach)
        o.servers = {{"attached", {}}};
    else
        for (std::string const& name : t.servers) o.servers.push_back(server_of(t, name));
    for (std::string const& name : t.scenarios) o.scenarios.push_back(scenario_of(t, name));
    return o;
}

}  // namespace notify::bench
