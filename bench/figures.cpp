// SPDX-License-Identifier: MIT
#include "figures.hpp"

#include <nlohmann/json.hpp>

#include <sys/utsname.h>

#include <cmath>
#include <fstream>

namespace notify::bench {

namespace {

using ordered = nlohmann::ordered_json;

// Rounded to tenths or so: what lies below is noise.
double rounded(double value, double parts = 10)
{
    return std::isfinite(value) ? std::round(value * parts) / parts : 0;
}

std::string processor()
{
    std::ifstream info{"/proc/cpuinfo"};
    for (std::string line; std::getline(info, line);)
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    return "unknown";
}

std::string kernel()
{
    utsname name{};
    ::uname(&name);
    return name.release;
}

// CPU in microseconds, of each of n things: "what", "what_user" and "what_sys".
void put_cpu(ordered& j, std::string const& what, cpu_time const& t, double n)
{
    j[what] = rounded(t.total / n * 1e6, 1000);
    j[what + "_user"] = rounded(t.user() / n * 1e6, 1000);
    j[what + "_sys"] = rounded(t.sys() / n * 1e6, 1000);
}

void put_connect(ordered& j, figures const& f)
{
    auto const n = static_cast<double>(f.ran.tabs());
    if (f.ran.processes == 1) j["connects_per_s"] = rounded(n / f.connect_seconds, 1);
    put_cpu(j, "cpu_us_per_connect", f.connect_cpu, n);
}

void put_memory(ordered& j, figures const& f)
{
    auto const each = [&f](std::int64_t bytes) {
        return rounded(static_cast<double>(bytes) / static_cast<double>(f.ran.tabs()), 1);
    };
    j["rss_bytes_per_connection"] = each(f.rss_settled - f.rss_before);
    j["rss_bytes_per_connection_at_once"] = each(f.rss_connected - f.rss_before);
    j["redis_bytes_per_connection"] = each(f.redis_memory);
    j["rss_before_bytes"] = f.rss_before;
    j["rss_after_load_bytes"] = f.rss_after_load;
    if (f.rss_after_leaving > 0) j["rss_after_leaving_bytes"] = f.rss_after_leaving;
}

void put_idle(ordered& j, figures const& f)
{
    if (f.idle_seconds > 0)
        j["idle_cpu_percent"] = rounded(f.idle_cpu.total / f.idle_seconds * 100, 100);
}

void put_load(ordered& j, figures const& f)
{
    auto const n = static_cast<double>(f.load_deliveries);
    j["deliveries"] = f.load_deliveries;
    j["deliveries_per_s"] = rounded(n / f.load_seconds, 1);
    put_cpu(j, "cpu_us_per_delivery", f.load_cpu, n);
    j["stalled"] = f.stalled;
}

void put_storm(ordered& j, figures const& f)
{
    j["storm_s"] = rounded(f.storm_seconds, 1000);
    put_cpu(j, "cpu_us_per_return", f.storm_cpu, static_cast<double>(f.ran.tabs()));
    j["web_app_asked"] = f.web_app_asked;
    j["web_app_at_once"] = f.web_app_at_once;
}

void put_latency(ordered& j, figures& f)
{
    if (f.latency.empty()) return;
    j["latency_rate_per_s"] = f.ran.rate;
    j["latency_us"] = {{"p50", f.latency.percentile(0.5)},
                       {"p99", f.latency.percentile(0.99)},
                       {"max", f.latency.percentile(1)}};
}

}  // namespace

std::string to_json_line(figures& f, surroundings const& where)
{
    ordered j;
    j["scenario"] = f.ran.name;
    j["server"] = where.server;
    j["round"] = where.round;
    j["connections"] = f.ran.tabs();
    j["users"] = f.ran.users;
    if (f.ran.storm) {
        put_storm(j, f);
    } else {
        j["window"] = f.ran.window;
        put_connect(j, f);
        put_memory(j, f);
        put_idle(j, f);
        put_load(j, f);
        put_latency(j, f);
    }
    j["lost"] = f.lost;
    j["out_of_order"] = f.out_of_order;
    j["duplicates"] = f.duplicates;
    j["strays"] = f.strays;
    j["dropped"] = f.dropped;
    j["threads"] = where.threads;
    j["cores"] = where.cores;
    j["pinned"] = where.pinned;
    j["machine"] = processor();
    j["kernel"] = kernel();
    j["version"] = NOTIFY_VERSION;
    return j.dump();
}

}  // namespace notify::bench
