// SPDX-License-Identifier: MIT
#include "usage.hpp"

#include <fmt/format.h>

#include <ctime>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>

namespace notify::bench {

namespace {

std::string read_proc(pid_t process, char const* file)
{
    std::string const path = fmt::format("/proc/{}/{}", process, file);
    std::ifstream in{path};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    if (text.empty()) throw std::runtime_error{fmt::format("cannot read {}", path)};
    return text;
}

}  // namespace

cpu_time cpu_time_of(pid_t process)
{
    clockid_t clock{};
    timespec used{};
    if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &used) != 0)
        throw std::runtime_error{fmt::format("process {} is gone", process)};
    std::string const stat = read_proc(process, "stat");
    // The second field is a name in parentheses that may contain spaces and parentheses.
    std::istringstream fields{stat.substr(stat.rfind(')') + 2)};
    std::string skipped;
    for (int field = 3; field < 14; ++field) fields >> skipped;
    cpu_time t;
    t.total = static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
    fields >> t.user_ticks >> t.sys_ticks;
    return t;
}

std::int64_t resident_bytes_of(pid_t process)
{
    std::string const text = read_proc(process, "smaps_rollup");
    auto const at = text.find("\nRss:");
    if (at == text.npos)
        throw std::runtime_error{fmt::format("no Rss in /proc/{}/smaps_rollup", process)};
    return std::stoll(text.substr(at + 5)) * 1024;
}

}  // namespace notify::bench
