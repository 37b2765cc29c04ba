// SPDX-License-Identifier: MIT
#include "options.hpp"

#include "cli/command_line.hpp"
#include "cli/duration.hpp"
#include "cli/in_range.hpp"
#include "cli/redis_settings.hpp"
#include "identity/uuid_cookie.hpp"

#include <CLI/App.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <iostream>
#include <optional>
#include <utility>

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
    std::string prefix{uuid_cookies::default_prefix};
    cli::redis_settings redis;
};

failure misused(std::string const& what)
{
    return {exit_code::usage, what + "; try notify-token --help"};
}

milliseconds checked_ttl(typed const& t)
{
    auto const ttl = cli::parse_duration(t.ttl);
    if (!ttl) throw failure{exit_code::usage, "--ttl: " + ttl.error().message};
    if (*ttl <= milliseconds{0}) throw failure{exit_code::usage, "--ttl must be more than nothing"};
    if (*ttl > long_ttl && !t.force)
        throw failure{exit_code::usage,
                      fmt::format("--ttl {} is long for something that logs a user in; "
                                  "add --force if more than 60s is meant",
                                  t.ttl)};
    return *ttl;
}

user_id checked_user(typed const& t)
{
    if (!t.user) throw misused("for whom? --user ID is missing");
    auto user = parse_user_id(*t.user);
    if (!user) throw failure{exit_code::usage, "--user: " + user.error().message};
    return std::move(*user);
}

// "-": the first line of stdin, so that it need not be seen in the list of processes.
std::string checked_uuid(typed const& t)
{
    std::string uuid = t.uuid;
    if (uuid == "-") {
        std::getline(std::cin, uuid);
        if (!uuid.empty() && uuid.back() == '\r') uuid.pop_back();
    }
    if (uuid.empty()) throw misused("which UUID? Give one, or - to read it from stdin");
    return uuid;
}

}  // namespace

token_options parse_options(int argc, char const* const* argv)
{
    typed t;
    cli::command_line line{"notify-token",
                           "mint a uuidCookie, with which a browser or a terminal shows who its "
                           "user is,\nonce and within seconds; check one, revoke one",
                           {"notify-token --user 12345",
                            "notify-token mint --user 12345 --ttl 30s --json",
                            "notify-token check 0b6f4c8e-2d31-4b55-9f3e-6a1a0f4f2c11",
                            "notify-token --user 12345 | notify-token check -"}};
    auto& app = line.app();
    app.add_option("--user", t.user, "Mint for this user")->type_name("ID");
    app.add_option("--ttl", t.ttl, "Valid for this long; default 5s")->type_name("TIME");
    app.add_option("--count", t.count, "Mint so many; default 1")->type_name("N");
    app.add_flag("--force", t.force, "Allow a --ttl over 60s");
    line.setting(app.add_flag("--json", t.json, "Print one JSON object per line"));
    t.redis.add_to(line);
    line.setting(app.add_option("--uuidcookie-prefix", t.prefix,
                                "What the keys in Redis begin with; default cookie-")
                     ->type_name("TEXT"),
                 {"UUIDCOOKIE_PREFIX"});

    app.add_subcommand("mint", "Make a new one and print its UUID (the default)")->fallthrough();
    auto* const check = app.add_subcommand("check", "Say for whom one is valid, and how long; "
                                                    "it stays as it is")
                            ->fallthrough();
    auto* const revoke = app.add_subcommand("revoke", "Make one invalid")->fallthrough();
    for (auto* const sub : {check, revoke}) {
        sub->add_option("UUID", t.uuid, "The UUID; - reads it from stdin");
        sub->footer("All options of notify-token apply: see notify-token --help");
    }
    app.require_subcommand(0, 1);
    app.footer(
        "Exit status: 0 done, 2 wrong usage, 4 not valid (check, revoke), 5 Redis not reached");
    line.parse(argc, argv);

    token_options o;
    o.json = t.json;
    o.prefix = t.prefix;
    if (check->parsed() || revoke->parsed()) {
        if (t.user) throw misused("--user belongs to mint");
        o.what = check->parsed() ? token_options::action::check : token_options::action::revoke;
        o.uuid = checked_uuid(t);
    } else {
        o.user = checked_user(t);
        o.ttl = checked_ttl(t);
        o.count = static_cast<std::size_t>(cli::in_range(t.count, 1, most, "--count"));
    }
    o.redis = t.redis.resolve();
    return o;
}

}  // namespace notify
