// SPDX-License-Identifier: MIT
#include "process_usage.hpp"

#include <fmt/format.h>

#include <unistd.h>

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
    std::string const stat = read_proc(process, "stat");
    // The second field is a name in parentheses, which may hold anything.
    std::istringstream fields{stat.substr(stat.rfind(')') + 2)};
    std::string skipped;
    for (int field = 3; field < 14; ++field) fields >> skipped;
    double user = 0;
    double sys = 0;
    fields >> user >> sys;
    auto const ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    return {user / ticks, sys / ticks};
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
