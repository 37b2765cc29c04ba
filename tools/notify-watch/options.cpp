// SPDX-License-Identifier: MIT
#include "options.hpp"

#include "base/quoted.hpp"
#include "cli/command_line.hpp"
#include "cli/duration.hpp"
#include "cli/output.hpp"
#include "cli/redis_settings.hpp"
#include "identity/user_id.hpp"
#include "identity/uuid_cookie.hpp"
#include "own_uuid.hpp"

#include <CLI/App.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <utility>
#include <vector>

#include <unistd.h>

namespace notify {

namespace {

using cli::exit_code;
using cli::failure;

constexpr auto footer =
    R"(Exactly one of --user, --uuid, --cookie and --cookie-file says who watches.

On a terminal a line is the time and the message, with control characters escaped. Otherwise,
and with --json, a line is one JSON object:
  {"time":"2024-05-01T16:30:05.123Z","user":"12345","message":"Hey"}
"user" is there with --user only. "time" is when it arrived here.

The command of --exec is run by /bin/sh for one notification after the other, with the message
and nothing else on its standard input, and NOTIFY_TIME and (with --user) NOTIFY_USER in its
environment. At the end notify-watch waits for the commands that are still to run.

A lost connection is made again, with growing pauses and, with --user, a new uuidCookie.

Exit status: 0 done, 1 failed, 2 wrong usage, 4 refused, 5 Redis or the gateway not reached,
6 --for was over before --count was reached, 7 too slow a command missed notifications,
130 Ctrl-C)";

struct typed {
    std::string user;
    std::string uuid;
    std::string cookie;
    std::string cookie_file;
    std::string url = "http://127.0.0.1:3000";
    std::string ca_file;
    std::string time_limit;
    std::uint64_t count = 0;
    std::string command;
    bool json = false;
    bool quiet = false;
    std::string prefix{uuid_cookies::default_prefix};
    cli::redis_settings redis;
};

failure misused(std::string const& what)
{
    return {exit_code::usage, what + "; try notify-watch --help"};
}

failure unreadable(char const* option, std::string const& path)
{
    return {exit_code::usage, fmt::format("{}: cannot read {}: {}", option,
                                          path == "-" ? "standard input" : in_quotes(path),
                                          errno ? std::strerror(errno) : "it is empty")};
}

void trim_line_end(std::string& line)
{
    if (!line.empty() && line.back() == '\r') line.pop_back();
}

// The only line of a file, or of standard input if its name is "-": for what
// should not be seen in the list of processes. It must not be shown in an error.
std::string read_line(char const* option, std::string const& path)
{
    errno = 0;
    std::ifstream file;
    if (path != "-") file.open(path);
    std::istream& in = path == "-" ? std::cin : file;
    std::string line;
    if (!in || !std::getline(in, line)) throw unreadable(option, path);
    trim_line_end(line);
    std::string more;
    if (std::getline(in, more) && !more.empty())
        throw failure{exit_code::usage,
                      fmt::format("{}: {} should be one line", option, in_quotes(path))};
    return line;
}

// The value of a Cookie header; its name before it, as copied from a browser, is fine.
std::string checked_cookie(char const* option, std::string text)
{
    constexpr std::string_view name = "Cookie:";
    if (text.starts_with(name) || text.starts_with("cookie:")) text.erase(0, name.size());
    text.erase(0, text.find_first_not_of(' '));
    bool const clean = std::none_of(text.begin(), text.end(),
                                    [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
    if (!clean || text.find('=') == text.npos)
        throw failure{exit_code::usage,
                      fmt::format("{}: this is not what a browser sends as its cookies: "
                                  "name=value; name2=value2",
                                  option)};
    return text;
}

// A uuid that somebody else has minted: it works once.
client_identity given_uuid(std::string const& text)
{
    auto uuid = text == "-" ? read_line("--uuid", text) : text;
    if (!is_uuid_like(uuid))
        throw failure{exit_code::usage,
                      "--uuid: this is not a uuid; notify-token --user ID mints one"};
    client_identity identity;
    identity.lasting = false;
    identity.next_uuid = [uuid = std::move(uuid)]() -> net::awaitable<result<std::string>> {
        co_return result<std::string>{boost::system::in_place_value, uuid};
    };
    return identity;
}

// option: the one that was typed, such as "user".
client_identity checked_identity(typed const& t, std::string const& option)
{
    if (option == "uuid") return given_uuid(t.uuid);
    client_identity identity;
    if (option == "user") {
        auto user = parse_user_id(t.user);
        if (!user) throw failure{exit_code::usage, "--user: " + user.error().message};
        identity.next_uuid = own_uuids(std::move(*user), t.redis.resolve(), t.prefix);
    } else if (option == "cookie") {
        identity.cookie = checked_cookie("--cookie", t.cookie);
    } else {
        auto line = read_line("--cookie-file", t.cookie_file);
        identity.cookie = checked_cookie("--cookie-file", std::move(line));
    }
    return identity;
}

gateway_url checked_url(typed const& t)
{
    auto url = parse_gateway_url(t.url);
    if (!url) throw failure{exit_code::usage, "--url: " + url.error().message};
    errno = 0;
    if (!t.ca_file.empty() && !std::ifstream{t.ca_file}) throw unreadable("--ca-file", t.ca_file);
    url->address.ca_file = t.ca_file;
    return std::move(*url);
}

std::chrono::milliseconds checked_time_limit(typed const& t)
{
    auto const time = cli::parse_duration(t.time_limit);
    if (!time) throw failure{exit_code::usage, "--for: " + time.error().message};
    if (time->count() == 0) throw failure{exit_code::usage, "--for must be more than nothing"};
    return *time;
}

// The one of these options that was typed, such as "user".
std::string require_one_of(std::vector<CLI::Option*> const& options)
{
    std::vector<std::string> given;
    for (auto const* o : options)
        if (o->count() > 0) given.push_back(o->get_lnames().front());
    if (given.empty())
        throw misused("who watches? Give --user ID, --uuid UUID or --cookie-file FILE");
    if (given.size() > 1)
        throw misused(fmt::format("--{} exclude each other: one of them says who watches",
                                  fmt::join(given, " and --")));
    return given.front();
}

}  // namespace

watch_options parse_options(int argc, char const* const* argv)
{
    typed t;
    cli::command_line line{"notify-watch",
                           "show a user's notifications as they come, as one more device of "
                           "that user",
                           {"notify-watch --user 12345",
                            "notify-watch --user 12345 --json --count 1 --for 30s",
                            "notify-watch --user 12345 --exec 'mail -s \"You have news\" joe'",
                            "notify-watch --url https://example.org --cookie-file cookie.txt",
                            "notify-token --user 12345 | notify-watch --uuid -"}};
    auto& app = line.app();
    std::vector<CLI::Option*> const who{
        app.add_option("--user", t.user, "Watch as this user, with uuidCookies minted in Redis")
            ->type_name("ID"),
        app.add_option("--uuid", t.uuid, "Watch by this uuidCookie, once; - reads it from stdin")
            ->type_name("UUID"),
        app.add_option("--cookie-file", t.cookie_file,
                       "Watch by the cookies in this file, one line as a\nbrowser sends them; the "
                       "web app says who it is;\n- reads them from stdin")
            ->type_name("FILE"),
        app.add_option("--cookie", t.cookie, "The same, typed here, where others may see it")
            ->type_name("TEXT")};
    line.setting(app.add_option("--url", t.url,
                                "Of the gateway, or of the site it is part of;\n"
                                "default http://127.0.0.1:3000")
                     ->type_name("URL"));
    line.setting(app.add_option("--ca-file", t.ca_file,
                                "Trust these authorities (PEM) with https, not the\nsystem's")
                     ->type_name("FILE"));
    line.setting(
        app.add_flag("--json", t.json, "Print one JSON object per line, also on a terminal"));
    auto* const count =
        app.add_option("--count", t.count, "End after so many notifications")
            ->type_name("N")
            ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}).description(""));
    auto* const time_limit =
        app.add_option("--for", t.time_limit, "End after this time: 500ms, 30s, 2m, 1h")
            ->type_name("TIME");
    auto* const command =
        app.add_option("--exec", t.command, "Run this for each notification")->type_name("CMD");
    app.add_flag("--quiet", t.quiet, "Say nothing of the connection on stderr, errors only");
    t.redis.add_to(line);
    line.setting(app.add_option("--uuidcookie-prefix", t.prefix,
                                "What the keys in Redis begin with; default cookie-\n")
                     ->type_name("TEXT"),
                 {"UUIDCOOKIE_PREFIX"});
    app.footer(footer);
    line.parse(argc, argv);

    auto const option = require_one_of(who);
    if (command->count() > 0 && t.command.empty()) throw misused("--exec needs a command");
    watch_options o;
    o.url = checked_url(t);
    o.identity = checked_identity(t, option);
    o.user = t.user;
    o.command = t.command;
    if (count->count() > 0) o.count = t.count;
    if (time_limit->count() > 0) o.time_limit = checked_time_limit(t);
    o.json = t.json || !cli::is_terminal(STDOUT_FILENO);
    o.quiet = t.quiet;
    return o;
}

}  // namespace notify
