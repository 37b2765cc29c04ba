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

void put_connect(ordered& j, figures const& f)
{
    auto const n = static_cast<double>(f.ran.tabs());
    j["connects_per_s"] = rounded(n / f.connect_seconds, 1);
    j["cpu_us_per_connect"] = rounded(f.connect_cpu.total() / n * 1e6);
    j["cpu_user_us_per_connect"] = rounded(f.connect_cpu.user / n * 1e6);
    j["cpu_sys_us_per_connect"] = rounded(f.connect_cpu.sys / n * 1e6);
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
    j["rss_after_leaving_bytes"] = f.rss_after_leaving;
}

void put_load(ordered& j, figures const& f)
{
    auto const millions = static_cast<double>(f.load_deliveries) / 1e6;
    j["deliveries"] = f.load_deliveries;
    j["deliveries_per_s"] = rounded(millions * 1e6 / f.load_seconds, 1);
    j["cpu_s_per_million_deliveries"] = rounded(f.load_cpu.total() / millions, 1000);
    j["cpu_user_s_per_million_deliveries"] = rounded(f.load_cpu.user / millions, 1000);
    j["cpu_sys_s_per_million_deliveries"] = rounded(f.load_cpu.sys / millions, 1000);
    j["stalled"] = f.stalled;
}

void put_latency(ordered& j, figures& f)
{
    if (f.latency.empty()) return;
    j["latency_us"] = {{"p50", f.latency.percentile(0.5)},
                       {"p99", f.latency.percentile(0.99)},
                       {"max", f.latency.percentile(1)}};
}

}  // namespace

std::string to_json_line(figures& f, surroundings const& where)
{
    ordered j;
    j["scenario"] = f.ran.name;
    j["connections"] = f.ran.tabs();
    j["users"] = f.ran.users;
    j["window"] = f.ran.window;
    put_connect(j, f);
    put_memory(j, f);
    if (f.idle_seconds > 0)
        j["idle_cpu_percent"] = rounded(f.idle_cpu.total() / f.idle_seconds * 100, 100);
    put_load(j, f);
    j["latency_rate_per_s"] = f.ran.rate;
    put_latency(j, f);
    j["lost"] = f.lost;
    j["out_of_order"] = f.out_of_order;
    j["duplicates"] = f.duplicates;
    j["strays"] = f.strays;
    j["dropped"] = f.dropped;
    j["gateway_threads"] = where.threads;
    j["cores"] = where.cores;
    j["pinned"] = where.pinned;
    j["machine"] = processor();
    j["kernel"] = kernel();
    j["version"] = NOTIFY_VERSION;
    return j.dump();
}

}  // namespace notify::bench
