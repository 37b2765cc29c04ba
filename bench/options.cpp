// SPDX-License-Identifier: MIT
#include "options.hpp"

#include "child_process.hpp"
#include "cli/command_line.hpp"
#include "cli/duration.hpp"
#include "testbed.hpp"

#include <CLI/Validators.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <string>

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
    std::uint64_t deliveries = 1'000'000;
    std::string latency_for = "10s";
    std::string idle = "30s";
    std::size_t threads = 1;
    std::vector<std::string> gateway_args{"--log-level=warn"};
};

void add_options(CLI::App& app, typed& t)
{
    auto const up_to = [](std::size_t most) { return CLI::Range(std::size_t{1}, most); };
    app.add_option("--server", t.servers,
                   "gateway, floor (the least work that can do it), node (Socket.IO's\n"
                   "own server), streams (the same with recovery by Redis Streams) or\n"
                   "nchan (Nginx, with Debian's libnginx-mod-nchan); repeatable, they\n"
                   "take turns; default gateway")
        ->check(CLI::IsMember({"gateway", "floor", "node", "streams", "nchan"}));
    app.add_option("--scenario", t.scenarios,
                   "users, stored, tabs, one-by-one, polling, storm, recovery or growth\n"
                   "(README.md); repeatable; default users and tabs")
        ->check(CLI::IsMember(
            {"users", "stored", "tabs", "one-by-one", "polling", "storm", "recovery", "growth"}));
    app.add_option("--rounds", t.rounds, "How often all of it; default 1")->check(up_to(100));
    app.add_option("--connections", t.connections,
                   "Users, with one tab each; default 10000, of growth 19000 in\n"
                   "each process")
        ->check(up_to(1'000'000));
    app.add_option("--processes", t.processes,
                   "Of growth, gateways and as many of the bench; default 10")
        ->check(CLI::Range(std::size_t{2}, std::size_t{100}));
    app.add_option("--deliveries", t.deliveries, "At full speed; default 1000000")
        ->check(up_to(1'000'000'000));
    app.add_option("--latency-for", t.latency_for, "Measure latency so long; default 10s, 0: not");
    app.add_option("--idle", t.idle, "Measure the cost of idle users so long; default 30s, 0: not");
    app.add_option("--threads", t.threads, "Shards of the gateway; default 1")->check(up_to(256));
    app.add_option("--gateway-arg", t.gateway_args,
                   "A further argument for the gateway; repeatable;\ndefault --log-level=warn");
}

// 0 turns a phase off.
poller::milliseconds duration(std::string const& text, char const* option)
{
    if (text == "0") return poller::milliseconds{0};
    auto const parsed = cli::parse_duration(text);
    if (!parsed)
        throw failure{exit_code::usage, fmt::format("{}: {}", option, parsed.error().message)};
    return *parsed;
}

contestant server_of(typed const& t, std::string const& name)
{
    namespace fs = std::filesystem;
    if (name == "streams")
        return {name, {"node", NOTIFY_BENCH_PEERS "/node/recovering_server.mjs"}, {}};
    if (name == "node") return {name, {"node", NOTIFY_BENCH_PEERS "/node/server.mjs"}, {}};
    if (name == "nchan") {
        if (!fs::exists(nchan_module))
            throw failure{exit_code::usage,
                          fmt::format("there is no {}; it comes with Debian's libnginx-mod-nchan",
                                      nchan_module)};
        return {name, {}, {}, false};
    }
    bool const is_floor = name == "floor";
    fs::path const program = fs::read_symlink("/proc/self/exe").parent_path() /
                             (is_floor ? "notify-bench-floor" : "notify-gateway");
    if (!fs::exists(program))
        throw failure{exit_code::usage, fmt::format("there is no {}; build it", program.string())};
    contestant c{name, {program.string()}, {}, !is_floor, true};
    if (is_floor) return c;
    c.command.push_back(fmt::format("--threads={}", t.threads));
    c.command.push_back("--drain=0s");
    c.command.insert(c.command.end(), t.gateway_args.begin(), t.gateway_args.end());
    return c;
}

scenario scenario_of(typed const& t, std::string const& name)
{
    bool const is_fan_out = name == "tabs" || name == "one-by-one";
    bool const is_growth = name == "growth";
    scenario s;
    s.name = name;
    s.by = name == "polling" ? carrier::polling : carrier::websocket;
    s.storm = name == "storm";
    s.recovery = name == "recovery";
    s.how = name == "stored" || s.recovery ? sending::script : sending::publish;
    s.processes = is_growth ? t.processes : 1;
    s.users = is_fan_out ? 1 : t.connections > 0 ? t.connections : is_growth ? 19'000 : 10'000;
    s.tabs_per_user = is_fan_out ? 1'000 : 1;
    s.window = name == "tabs" ? 16 : is_fan_out ? 1 : 4'000;
    s.deliveries = t.deliveries;
    s.latency = duration(t.latency_for, "--latency-for");
    if (!is_fan_out) s.idle = duration(t.idle, "--idle");
    return s;
}

// If there are more cores than shards, each shard gets one, and everything else shares the rest.
void divide_cores(bench_options& o)
{
    auto const cores = usable_cores();
    o.cores = cores.size();
    if (cores.size() <= o.threads) return;
    auto const split = cores.begin() + static_cast<std::ptrdiff_t>(o.threads);
    for (contestant& c : o.servers) c.cores.assign(cores.begin(), split);
    o.other_cores.assign(split, cores.end());
}

}  // namespace

bench_options parse_options(int argc, char const* const* argv)
{
    typed t;
    cli::command_line line{
        "notify-bench",
        "measure a notify-gateway: connections, memory, deliveries, latency; one line of\n"
        "JSON a run",
        {"notify-bench", "notify-bench --scenario users --connections 1000 --deliveries 100000"}};
    add_options(line.app(), t);
    line.app().footer("Exit status: 0 nothing lost, 1 failed or lost, 2 wrong usage");
    line.parse(argc, argv);

    bench_options o;
    o.rounds = t.rounds;
    o.threads = t.threads;
    for (std::string const& name : t.servers) o.servers.push_back(server_of(t, name));
    for (std::string const& name : t.scenarios) o.scenarios.push_back(scenario_of(t, name));
    divide_cores(o);
    return o;
}

}  // namespace notify::bench
