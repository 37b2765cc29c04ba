// SPDX-License-Identifier: MIT
#include "figures.hpp"

#include <nlohmann/json.hpp>

#include <sys/utsname.h>

#include <algorithm>
#include <cmath>
#include <fstream>

namespace notify::bench {

namespace {

using ordered = nlohmann::ordered_json;

// Rounds to tenths, or to 1/parts: smaller differences are noise.
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

// CPU in microseconds, of each of n things: in all, and the part in user space.
void put_cpu(ordered& j, std::string const& what, cpu_time const& t, double n)
{
    j[what] = rounded(t.total / n * 1e6, 1000);
    j[what + "_user"] = rounded(t.user() / n * 1e6, 1000);
}

void put_connect(ordered& j, figures const& f)
{
    auto const n = static_cast<double>(f.ran.tabs());
    if (f.ran.processes == 1) j["connects_per_s"] = rounded(n / f.connect.seconds, 1);
    put_cpu(j, "cpu_us_per_connect", f.connect.cpu, n);
    j["rss_bytes_per_connection"] = rounded(static_cast<double>(f.resident_bytes) / n, 1);
    if (f.ran.by != carrier::nchan && f.ran.processes == 1)  // not taken in the others
        j["redis_bytes_per_connection"] = rounded(static_cast<double>(f.redis_bytes) / n, 1);
    if (f.idle.seconds > 0)
        j["idle_cpu_percent"] = rounded(f.idle.cpu.total / f.idle.seconds * 100, 100);
}

void put_load(ordered& j, figures const& f)
{
    auto const n = static_cast<double>(f.deliveries);
    j["deliveries"] = f.deliveries;
    j["deliveries_per_s"] = rounded(n / f.load.seconds, 1);
    put_cpu(j, "cpu_us_per_delivery", f.load.cpu, n);
}

void put_latency(ordered& j, figures& f)
{
    auto& tenths = f.latencies;
    if (tenths.empty()) return;
    put_cpu(j, "cpu_us_per_steady_delivery", f.steady.cpu, static_cast<double>(tenths.size()));
    std::sort(tenths.begin(), tenths.end());
    // The latency in microseconds that this share of all does not exceed.
    auto const percentile = [&tenths](double share) {
        auto const last = static_cast<double>(tenths.size() - 1);
        return tenths[static_cast<std::size_t>(share * last + 0.5)] / 10.0;
    };
    j["latency_us"] = {{"p50", percentile(0.5)}, {"p99", percentile(0.99)}, {"max", percentile(1)}};
}

}  // namespace

void put_recovery(ordered& j, figures const& f)
{
    auto const n = static_cast<double>(f.ran.tabs());
    j["recovered"] = f.recovered;
    j["recovery_s"] = rounded(f.recovery.seconds, 1000);
    put_cpu(j, "cpu_us_per_recovery", f.recovery.cpu, n);
    j["redis_commands_per_recovery"] = rounded(static_cast<double>(f.recovery_commands) / n, 1000);
    j["reconnect_s"] = rounded(f.reconnect.seconds, 1000);
    put_cpu(j, "cpu_us_per_reconnect", f.reconnect.cpu, n);
    j["redis_commands_per_reconnect"] =
        rounded(static_cast<double>(f.reconnect_commands) / n, 1000);
}

std::string to_json_line(figures& f, surroundings const& where)
{
    ordered j;
    j["scenario"] = f.ran.name;
    j["server"] = where.server;
    j["round"] = where.round;
    j["connections"] = f.ran.tabs();
    if (f.ran.recovery) {
        put_recovery(j, f);
    } else if (f.ran.storm) {
        j["storm_s"] = rounded(f.storm.seconds, 1000);
        j["web_app_at_once"] = f.web_app_at_once;
    } else {
        put_connect(j, f);
        put_load(j, f);
        put_latency(j, f);
    }
    j["lost"] = f.lost;
    j["misplaced"] = f.misplaced;
    j["strays"] = f.strays;
    j["dropped"] = f.dropped;
    j["stalled"] = f.stalled;
    j["threads"] = where.threads;
    j["cores"] = where.cores;
    j["pinned"] = where.pinned;
    j["machine"] = processor();
    j["kernel"] = kernel();
    j["version"] = NOTIFY_VERSION;
    return j.dump();
}

}  // namespace notify::bench
