// SPDX-License-Identifier: MIT
#include "received.hpp"

#include "base/json.hpp"
#include "base/quoted.hpp"

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>

namespace notify {

namespace {

using clock = std::chrono::system_clock;

// JSON must escape only the control characters of ASCII. If text has others that a terminal obeys,
// everything beyond ASCII is escaped; a parser of the JSON gets the same text.
std::string json_string(std::string_view text)
{
    std::string out;
    append_json_string(out, text);
    std::string shown;
    append_escaped(shown, out);
    return shown == out ? out : nlohmann::json(text).dump(-1, ' ', true);
}

}  // namespace

std::string utc_time(clock::time_point time)
{
    auto const ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(clock::to_time_t(time)),
                       ms.count() % 1000);
}

std::string to_terminal_line(received const& r)
{
    auto line = fmt::format("{:%H:%M:%S}  ", fmt::localtime(clock::to_time_t(r.time)));
    append_escaped(line, r.message);
    return line += '\n';
}

std::string to_json_line(received const& r)
{
    auto const user = r.user.empty() ? "" : fmt::format(R"("user":{},)", json_string(r.user));
    return fmt::format("{{\"time\":\"{}\",{}\"message\":{}}}\n", utc_time(r.time), user,
                       json_string(r.message));
}

}  // namespace notify
