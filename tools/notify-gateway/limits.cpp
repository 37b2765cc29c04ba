// SPDX-License-Identifier: MIT
#include "limits.hpp"

#include "cli/in_range.hpp"

#include <CLI/App.hpp>
#include <fmt/format.h>

#include <iterator>
#include <type_traits>

namespace notify {

namespace {

using settings = gateway_settings;

struct limit {
    char const* option;
    char const* unit;
    char const* help;
    std::int64_t least;
    std::int64_t most;
    std::int64_t (*get)(settings& s);
    void (*set)(settings& s, std::int64_t value);
};

std::int64_t number(milliseconds time) { return time.count(); }

template <class Integer>
std::int64_t number(Integer n)
{
    return static_cast<std::int64_t>(n);
}

// Where takes the settings and returns a reference to the field that the option sets.
template <class Where>
constexpr limit row(char const* option, char const* unit, char const* help, std::int64_t least,
                    std::int64_t most, Where)
{
    return {option,
            unit,
            help,
            least,
            most,
            [](settings& s) { return number(Where{}(s)); },
            [](settings& s, std::int64_t value) {
                auto& field = Where{}(s);
                field = std::remove_reference_t<decltype(field)>(value);
            }};
}

constexpr std::int64_t hour = 3'600'000;
constexpr std::int64_t giga = 1 << 30;
constexpr std::int64_t many = 100'000'000;

constexpr limit rows[] = {
    row(
        "--ping-interval", "MS", "Milliseconds between heartbeats", 100, hour,
        [](settings& s) -> auto& { return s.engine.ping_interval; }),
    row(
        "--ping-timeout", "MS", "Milliseconds for the answer to one", 100, hour,
        [](settings& s) -> auto& { return s.engine.ping_timeout; }),
    row(
        "--max-payload", "BYTES", "Bytes of a client's message, with attachments", 1'024, giga,
        [](settings& s) -> auto& { return s.engine.max_payload; }),
    row(
        "--max-queue", "BYTES", "Bytes of memory that wait for a client that reads slowly", 1'024,
        giga, [](settings& s) -> auto& { return s.engine.max_queue; }),
    row(
        "--max-message", "BYTES", "Bytes of a notification, as it was published", 1, 32 << 20,
        [](settings& s) -> auto& { return s.hub.max_message; }),
    row(
        "--max-connections", "N", "Connections in all; 0: what open files allow", 0, many,
        [](settings& s) -> auto& { return s.capacity.connections; }),
    row(
        "--max-sessions", "N", "Sessions in all, long-polling ones too; 0: as many", 0, many,
        [](settings& s) -> auto& { return s.capacity.sessions; }),
    row(
        "--max-kept-headers", "BYTES", "Bytes of headers kept of all sessions; 0: 1 KiB for each",
        0, std::int64_t{1} << 40, [](settings& s) -> auto& { return s.capacity.kept; }),
    row(
        "--max-connections-per-user", "N", "Connections of one user, for each shard", 1, many,
        [](settings& s) -> auto& { return s.hub.max_subscribers; }),
    row(
        "--max-namespaces", "N", "Namespaces of one connection", 1, 1'000,
        [](settings& s) -> auto& { return s.engine.max_namespaces; }),
    row(
        "--max-head", "BYTES", "Bytes of a request line and its headers", 512, 1 << 20,
        [](settings& s) -> auto& { return s.http.max_head; }),
    row(
        "--head-timeout", "MS", "Milliseconds for these to come", 100, hour,
        [](settings& s) -> auto& { return s.http.head_timeout; }),
    row(
        "--body-timeout", "MS", "Milliseconds for a body to come, or an answer to be read", 100,
        hour, [](settings& s) -> auto& { return s.http.body_timeout; }),
    row(
        "--idle-timeout", "MS", "Milliseconds between two requests of a connection", 100, hour,
        [](settings& s) -> auto& { return s.http.idle_timeout; }),
    row(
        "--connect-timeout", "MS", "Milliseconds to join a namespace", 100, hour,
        [](settings& s) -> auto& { return s.engine.connect_timeout; }),
    row(
        "--poll-timeout", "MS", "Milliseconds from a handshake over polling to the next request",
        100, hour, [](settings& s) -> auto& { return s.engine.first_poll_timeout; }),
    row(
        "--upgrade-timeout", "MS", "Milliseconds for an upgrade to WebSocket", 100, hour,
        [](settings& s) -> auto& { return s.engine.upgrade_timeout; }),
    row(
        "--user-timeout", "MS", "Milliseconds without a user; 0: for ever", 0, 24 * hour,
        [](settings& s) -> auto& { return s.user_timeout; }),
    row(
        "--web-app-timeout", "MS", "Milliseconds for the web app's answer", 100, hour,
        [](settings& s) -> auto& { return s.web_app_limits.deadline; }),
    row(
        "--web-app-requests", "N", "Requests to the web app at a time, for each shard", 1, 10'000,
        [](settings& s) -> auto& { return s.web_app_limits.pace.at_once; }),
    row(
        "--web-app-line", "N", "Requests that wait for their turn, for each shard", 1, many,
        [](settings& s) -> auto& { return s.web_app_limits.pace.max_waiting; }),
    row(
        "--web-app-line-each", "N", "Those of them that are from one address", 1, many,
        [](settings& s) -> auto& { return s.web_app_limits.pace.max_waiting_each; }),
    row(
        "--web-app-wait", "MS", "Milliseconds that one of them waits for its turn", 100, hour,
        [](settings& s) -> auto& { return s.web_app_limits.pace.max_wait; }),
    row(
        "--subscribe-timeout", "MS", "Milliseconds for Redis to confirm a subscription", 100, hour,
        [](settings& s) -> auto& { return s.hub.confirm_timeout; }),
};

}  // namespace

limits::limits()
{
    static_assert(std::size(rows) == count);
    settings defaults;
    defaults.capacity = {
        .connections = 0, .guests = 0, .sessions = 0, .kept = 0};  // descriptors.hpp
    for (std::size_t i = 0; i < count; ++i) values_[i] = rows[i].get(defaults);
}

void limits::add_to(cli::command_line& line)
{
    for (std::size_t i = 0; i < count; ++i) {
        limit const& l = rows[i];
        std::string const help = fmt::format("{}; default {}", l.help, values_[i]);
        line.setting(
            line.app().add_option(l.option, values_[i], help)->type_name(l.unit)->group("Limits"));
    }
}

void limits::apply_to(settings& s) const
{
    for (std::size_t i = 0; i < count; ++i) {
        limit const& l = rows[i];
        l.set(s, cli::in_range(values_[i], l.least, l.most, l.option));
    }
}

}  // namespace notify
