// SPDX-License-Identifier: MIT
#include "options.hpp"

#include "cli/command_line.hpp"
#include "cli/duration.hpp"
#include "cli/in_range.hpp"
#include "cli/one_line.hpp"
#include "cli/output.hpp"
#include "cli/redis_settings.hpp"
#include "cli/shared_options.hpp"
#include "cli/value_of.hpp"

#include <CLI/App.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <utility>

#include <unistd.h>

namespace notify {

namespace {

using cli::exit_code;
using cli::failure;
using std::chrono::milliseconds;

constexpr milliseconds long_ttl{60'000};
constexpr std::int64_t most = 100'000;

struct typed {
    std::optional<std::string> user;
    std::string ttl = "5s";
    std::int64_t count = 1;
    bool force = false;
    bool json = false;
    std::string uuid;
    std::string prefix;
    cli::redis_settings redis;
};

// The command line, with what has to be asked of it after it was read.
struct known {
    cli::command_line line{"notify-token",
                           "mint a uuidCookie, with which a browser or a terminal shows who its "
                           "user is,\nonce and within seconds; check one, revoke one",
                           {"notify-token --user 12345",
                            "notify-token mint --user 12345 --ttl 30s --json",
                            "notify-token check 0b6f4c8e-2d31-4b55-9f3e-6a1a0f4f2c11",
                            "notify-token --user 12345 | notify-token check"}};
    CLI::Option* user = nullptr;
    CLI::App* check = nullptr;
    CLI::App* revoke = nullptr;
};

milliseconds checked_ttl(typed const& t)
{
    auto const ttl = cli::duration_above_zero(t.ttl, "--ttl");
    if (ttl > long_ttl && !t.force)
        throw failure{exit_code::usage,
                      fmt::format("--ttl {} is long for something that logs a user in; "
                                  "add --force if more than 60s is meant",
                                  t.ttl)};
    return ttl;
}

user_id checked_user(typed const& t, known const& k)
{
    if (!t.user) throw k.line.misused("for whom? --user ID is missing");
    return cli::value_of(parse_user_id(*t.user), "--user");
}

// Without one, or with "-", it is the first line of stdin, where the list of
// processes does not show it.
std::string checked_uuid(typed const& t, known const& k)
{
    bool const piped = t.uuid == "-" || (t.uuid.empty() && !cli::is_terminal(STDIN_FILENO));
    if (!piped && t.uuid.empty()) throw k.line.misused("which UUID? Give one, or pipe one in");
    if (!piped) return t.uuid;
    auto line = cli::read_one_line("-", cli::further_lines::ignored);
    if (line && !line->empty()) return std::move(*line);
    throw k.line.misused(fmt::format("which UUID? Give one, or pipe one in; standard input: {}",
                                     line ? "it is empty" : line.error().message));
}

void add_options(known& k, typed& t)
{
    auto& app = k.line.app();
    k.line.group("Options of mint");
    k.user = cli::add_user(k.line, t.user, "Mint for this user");
    app.add_option("--ttl", t.ttl, "Valid for this long: 500ms, 5s, 1m; default 5s")
        ->type_name("TIME");
    app.add_option("--count", t.count, "Mint so many; default 1")->type_name("N");
    app.add_flag("--force", t.force, "Allow a --ttl over 60s");
    k.line.group("Output");
    cli::add_json(k.line, t.json, "Print one JSON object per line");
    t.redis.add_to(k.line);
    cli::add_uuid_prefix(k.line, t.prefix, "the keys in Redis");
}

void add_commands(known& k, typed& t)
{
    constexpr auto exits =
        "Exit status: 0 done, 1 failed, 2 wrong usage, 4 not valid (check, revoke),\n"
        "5 Redis not reached, 130 Ctrl-C, 143 SIGTERM";
    auto& app = k.line.app();
    k.line.group("Options");
    auto* const mint =
        app.add_subcommand("mint", "Make a new one and print its UUID (the default)");
    k.check =
        app.add_subcommand("check", "Say for whom one is valid, and how long; it stays as it is");
    k.revoke = app.add_subcommand("revoke", "Make one invalid");
    for (auto* const command : {k.check, k.revoke})
        command->add_option("UUID", t.uuid,
                            "The UUID; without one, or with -, it is read from stdin");
    for (auto* const command : {mint, k.check, k.revoke}) command->fallthrough()->footer(exits);
    app.require_subcommand(0, 1);
    app.footer(exits);
}

token_options checked(typed const& t, known const& k)
{
    token_options o;
    o.json = t.json;
    o.prefix = t.prefix;
    if (k.check->parsed() || k.revoke->parsed()) {
        if (k.line.was_typed(k.user)) throw k.line.misused("--user belongs to mint");
        o.what = k.check->parsed() ? token_options::action::check : token_options::action::revoke;
        o.uuid = checked_uuid(t, k);
    } else {
        o.user = checked_user(t, k);
        o.ttl = checked_ttl(t);
        o.count = static_cast<std::size_t>(cli::in_range(t.count, 1, most, "--count"));
    }
    o.redis = t.redis.resolve();
    return o;
}

}  // namespace

token_options parse_options(int argc, char const* const* argv)
{
    typed t;
    known k;
    add_options(k, t);
    add_commands(k, t);
    k.line.parse(argc, argv);
    return checked(t, k);
}

}  // namespace notify
