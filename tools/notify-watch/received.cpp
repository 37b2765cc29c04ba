// SPDX-License-Identifier: MIT
#include "received.hpp"

#include "base/json.hpp"
#include "base/quoted.hpp"

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>

#include <ctime>

namespace notify {

namespace {

using clock = std::chrono::system_clock;

// Linux takes 128 KiB for a variable, and a sender could have a command not run by more.
constexpr std::size_t longest_variable = 8'192;

// JSON must escape only the control characters of ASCII. If a JSON text has others that a terminal
// obeys, everything beyond ASCII is escaped; a parser gets the same value.
std::string safe_json(std::string text)
{
    if (!has_controls(text)) return text;
    return json::parse(text).dump(-1, ' ', true);
}

std::string json_string(std::string_view text)
{
    std::string out;
    append_json_string(out, text);
    return safe_json(std::move(out));
}

// How each line begins; without the brace at the end.
std::string json_head(clock::time_point time, std::string const& user)
{
    auto const who = user.empty() ? "" : fmt::format(R"(,"user":{})", json_string(user));
    return fmt::format(R"({{"time":"{}"{})", utc_time(time), who);
}

bool is_ours(std::string_view name) { return name == "time" || name == "user" || name == "gap"; }

clock::time_point sent_at(received const& r)
{
    return r.told.at ? clock::time_point{std::chrono::microseconds{r.told.at}} : r.time;
}

std::string local_time(clock::time_point time, clock::time_point today)
{
    auto const then = fmt::localtime(clock::to_time_t(time));
    auto const now = fmt::localtime(clock::to_time_t(today));
    bool const is_today = then.tm_year == now.tm_year && then.tm_yday == now.tm_yday;
    return is_today ? fmt::format("{:%H:%M:%S}", then) : fmt::format("{:%Y-%m-%d %H:%M:%S}", then);
}

// A variable ends at the first NUL, whoever reads it. What is cut ends with a whole character.
std::optional<std::string> variable(std::string_view text)
{
    if (text.empty()) return std::nullopt;
    std::string_view value = text.substr(0, text.find('\0'));
    if (value.size() <= longest_variable) return std::string{value};
    std::size_t end = longest_variable;
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xc0u) == 0x80u) --end;
    return std::string{value.substr(0, end)};
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
    notification const& n = r.told;
    std::string text;
    if (!n.level.empty()) text += fmt::format("[{}] ", n.level);
    if (!n.title.empty()) text += n.title + ": ";
    text += n.message;
    if (!n.link.empty()) text += fmt::format(" <{}>", n.link);
    auto line = local_time(sent_at(r), r.time) + "  ";
    append_escaped(line, text);
    return line += '\n';
}

std::string to_json_line(received const& r)
{
    std::string line = json_head(r.time, r.user);
    line += fmt::format(R"(,"message":{})", json_string(r.told.message));
    for (auto const& [name, value] : r.told.fields)
        if (!is_ours(name)) line += fmt::format(",{}:{}", json_string(name), safe_json(value));
    return line += "}\n";
}

std::string gap_to_json_line(clock::time_point time, std::string const& user)
{
    return json_head(time, user) + R"(,"gap":true})" + '\n';
}

std::vector<std::pair<std::string_view, std::optional<std::string>>> variables_of(received const& r)
{
    notification const& n = r.told;
    return {{"NOTIFY_TIME", utc_time(r.time)},
            {"NOTIFY_USER", variable(r.user)},
            {"NOTIFY_ID", variable(n.id)},
            {"NOTIFY_AT", n.at ? std::optional{utc_time(sent_at(r))} : std::nullopt},
            {"NOTIFY_UNREAD", n.unread ? std::optional{std::to_string(*n.unread)} : std::nullopt},
            {"NOTIFY_TITLE", variable(n.title)},
            {"NOTIFY_LEVEL", variable(n.level)},
            {"NOTIFY_LINK", variable(n.link)}};
}

}  // namespace notify
