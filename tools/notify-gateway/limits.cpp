// SPDX-License-Identifier: MIT
#include "limits.hpp"

#include "cli/exit_code.hpp"

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace notify {

namespace {

using settings = gateway_settings;

struct limit {
    char const* option;
    char const* unit;
    char const* help;
    std::int64_t value;  // unless told
    std::int64_t least;
    std::int64_t most;
    void (*apply)(settings& s, std::int64_t value);
};

template <class T>
void set(T& to, std::int64_t value)
{
    to = T(value);
}

constexpr std::int64_t hour = 3'600'000;
constexpr std::int64_t giga = 1 << 30;
constexpr std::int64_t many = 100'000'000;

constexpr limit rows[] = {
    {"--ping-interval", "MS", "Milliseconds between heartbeats", 25'000, 100, hour,
     [](settings& s, std::int64_t v) { set(s.engine.ping_interval, v); }},
    {"--ping-timeout", "MS", "Milliseconds for the answer to one", 20'000, 100, hour,
     [](settings& s, std::int64_t v) { set(s.engine.ping_timeout, v); }},
    {"--max-payload", "BYTES", "Bytes of a message from a client", 1'000'000, 1'024, giga,
     [](settings& s, std::int64_t v) { set(s.engine.max_payload, v); }},
    {"--max-queue", "BYTES", "Bytes queued for a client that reads slowly", 4'194'304, 1'024, giga,
     [](settings& s, std::int64_t v) { set(s.engine.max_queue, v); }},
    {"--max-connections", "N", "Connections in all; 0: what open files allow", 0, 0, many,
     [](settings& s, std::int64_t v) { set(s.http.max_connections, v); }},
    {"--max-connections-per-user", "N", "Connections of one user, for each shard", 4'096, 1, many,
     [](settings& s, std::int64_t v) { set(s.hub.max_subscribers, v); }},
    {"--max-namespaces", "N", "Namespaces of one connection", 4, 1, 1'000,
     [](settings& s, std::int64_t v) { set(s.engine.max_namespaces, v); }},
    {"--max-head", "BYTES", "Bytes of a request line and its headers", 8'192, 512, 1 << 20,
     [](settings& s, std::int64_t v) { set(s.http.max_head, v); }},
    {"--head-timeout", "MS", "Milliseconds for these to come", 10'000, 100, hour,
     [](settings& s, std::int64_t v) { set(s.http.head_timeout, v); }},
    {"--body-timeout", "MS", "Milliseconds for a body to come, or an answer to be read", 30'000,
     100, hour, [](settings& s, std::int64_t v) { set(s.http.body_timeout, v); }},
    {"--idle-timeout", "MS", "Milliseconds between two requests of a connection", 75'000, 100, hour,
     [](settings& s, std::int64_t v) { set(s.http.idle_timeout, v); }},
    {"--connect-timeout", "MS", "Milliseconds to join a namespace", 45'000, 100, hour,
     [](settings& s, std::int64_t v) { set(s.engine.connect_timeout, v); }},
    {"--upgrade-timeout", "MS", "Milliseconds for an upgrade to WebSocket", 10'000, 100, hour,
     [](settings& s, std::int64_t v) { set(s.engine.upgrade_timeout, v); }},
    {"--user-timeout", "MS", "Milliseconds without a user; 0: for ever", 0, 0, 24 * hour,
     [](settings& s, std::int64_t v) { set(s.user_timeout, v); }},
    {"--web-app-timeout", "MS", "Milliseconds for the web app's answer", 5'000, 100, hour,
     [](settings& s, std::int64_t v) { set(s.web_app_limits.deadline, v); }},
    {"--web-app-requests", "N", "Requests to the web app at a time, for each shard", 8, 1, 10'000,
     [](settings& s, std::int64_t v) { set(s.web_app_limits.pace.at_once, v); }},
    {"--web-app-wait", "MS", "Milliseconds that one of them waits for its turn", 30'000, 100, hour,
     [](settings& s, std::int64_t v) { set(s.web_app_limits.pace.max_wait, v); }},
    {"--subscribe-timeout", "MS", "Milliseconds for Redis to confirm a subscription", 2'000, 100,
     hour, [](settings& s, std::int64_t v) { set(s.hub.confirm_timeout, v); }},
};

}  // namespace

limits::limits()
{
    static_assert(std::size(rows) == count);
    for (std::size_t i = 0; i < count; ++i) values_[i] = rows[i].value;
}

void limits::add_to(cli::command_line& line)
{
    for (std::size_t i = 0; i < count; ++i) {
        limit const& row = rows[i];
        std::string const help = fmt::format("{}; default {}", row.help, row.value);
        line.setting(line.app()
                         .add_option(row.option, values_[i], help)
                         ->type_name(row.unit)
                         ->group("Limits"));
    }
}

void limits::apply_to(settings& s) const
{
    for (std::size_t i = 0; i < count; ++i) {
        limit const& row = rows[i];
        if (values_[i] < row.least || values_[i] > row.most)
            throw cli::failure{cli::exit_code::usage,
                               fmt::format("{} {} is not between {} and {}", row.option, values_[i],
                                           row.least, row.most)};
        row.apply(s, values_[i]);
    }
}

}  // namespace notify
