// SPDX-License-Identifier: MIT
#include "redis/server_facts.hpp"

#include <algorithm>
#include <array>

namespace notify::redis {

namespace {

// Returns the value of `name:value` in an answer to INFO, cut to what is worth showing; "" if there
// is none.
std::string_view field(std::string_view info, std::string_view name)
{
    constexpr std::size_t most = 40;
    while (!info.empty()) {
        auto const line = info.substr(0, info.find_first_of("\r\n"));
        if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == ':')
            return line.substr(name.size() + 1, most);
        info.remove_prefix(std::min(line.size() + 1, info.size()));
    }
    return {};
}

// What goes into a log line must not end it, nor colour a terminal.
bool is_plain(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

void learn_info(server_facts& facts, reply_view r)
{
    if (r.type() != reply_type::string) return;
    auto const version = field(r.text(), "redis_version");
    if (is_plain(version)) facts.version = version;
    auto const mode = field(r.text(), "redis_mode");
    if (is_plain(mode)) facts.mode = mode;
    facts.run_id = field(r.text(), "run_id");
}

// ROLE answers with an array of a form that depends on the role; its first element is the name.
void learn_role(server_facts& facts, reply_view r)
{
    if (r.size() == 0) return;
    facts.role = (*r.begin()).text();
    facts.tells_role = true;
}

std::string_view unfit(server_facts const& facts)
{
    if (facts.role == "sentinel" || facts.mode == "sentinel")
        return "is a Sentinel, which knows where Redis is but is none: name the master instead";
    if (facts.mode == "cluster")
        return "runs in cluster mode, which is not supported yet: use a Redis of its own";
    if (facts.role == "slave")
        return "is a replica, which can be read only: name its master instead (after a failover "
               "the address may need a moment to lead there)";
    return {};
}

bool is_wrong_server(reply_view r)
{
    constexpr std::array<std::string_view, 7> codes{"READONLY", "MASTERDOWN",  "LOADING", "MOVED",
                                                    "ASK",      "CLUSTERDOWN", "NOAUTH"};
    if (!r.is_error()) return false;
    auto const text = r.text();
    auto const code = text.substr(0, text.find(' '));
    // Redis before 7 puts the error of a command within a script at the end of its own.
    return std::find(codes.begin(), codes.end(), code) != codes.end() ||
           (code == "ERR" && text.find(" -READONLY ") != text.npos);
}

bool is_refused_command(reply_view r)
{
    return r.is_error() &&
           (r.text().starts_with("ERR unknown command") || r.text().starts_with("NOPERM"));
}

}  // namespace notify::redis
