// SPDX-License-Identifier: MIT
#include "options.hpp"

#include "base/quoted.hpp"
#include "cli/command_line.hpp"
#include "cli/duration.hpp"
#include "cli/in_range.hpp"
#include "cli/one_line.hpp"
#include "cli/output.hpp"
#include "cli/redis_settings.hpp"
#include "cli/shared_options.hpp"
#include "cli/value_of.hpp"
#include "contract/user_id.hpp"
#include "identity/uuid_cookie.hpp"
#include "own_uuid.hpp"
#include "past.hpp"

#include <CLI/App.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>
#include <vector>

#include <unistd.h>

namespace notify {

namespace {

using cli::exit_code;
using cli::failure;

constexpr auto footer =
    R"(Exactly one of --user, --uuid, --cookie and --cookie-file says who watches.

On a terminal a line is the time, [level], title, message and <link>, with control characters
escaped. Otherwise, and with --json, a line is one JSON object:
  {"time":"2024-05-01T16:30:05.123Z","user":"12345","message":"Hey"}
  {"time":"2024-05-01T16:30:05.123Z","user":"12345","message":"Hey",
   "id":"1714581000000-17","at":1714581005120000,"unread":3,"title":"News","level":"info"}
"user" is there with --user only. "time" is when it arrived here. A notification that is stored
has "id", "at" (when it was stored, in microseconds since 1970), "unread" (how many are, with
this one) and the fields that its sender gave: title, level, link, data, event and others.

The command of --exec is run by /bin/sh for one notification after the other, with the message
and nothing else on its standard input. Its environment has NOTIFY_TIME, NOTIFY_USER (with
--user), and NOTIFY_ID, NOTIFY_AT, NOTIFY_UNREAD, NOTIFY_TITLE, NOTIFY_LEVEL and NOTIFY_LINK if
the notification has these; texts are cut after 8192 bytes. What it prints goes to standard error, since standard output is for notifications.
At the end notify-watch waits for the commands that are still to run.

A lost connection is made again, with growing pauses and, with --user, a new uuidCookie. What was
stored meanwhile is shown then, once and in order; what was sent live (PUBLISH) is not. If some
is not stored any more, standard error says so, and with --json a line in its place:
  {"time":"2024-05-01T16:30:05.123Z","user":"12345","gap":true}

The file of --resume holds the position of one notification in its user's log, and is written
after each that is shown: none is lost by a crash, and the last may be shown again. Without the
file, the first run begins now, or at --since. One notify-watch at a time has it (FILE.lock).

Exit status: 0 done, 1 failed, 2 wrong usage, 4 refused, 5 Redis or the gateway not reached,
6 --for was over before --count was reached, 7 a command missed notifications, being too slow,
or failed (--exec-must-succeed), 130 Ctrl-C, 143 SIGTERM)";

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
    bool command_must_succeed = false;
    bool json = false;
    bool quiet = false;
    std::string prefix;
    cli::redis_settings redis;
    past_options before;
};

// The command line, with what has to be asked of it after it was read.
struct known {
    typed t;
    cli::command_line line{"notify-watch",
                           "show a user's notifications as they come, as one more device of "
                           "that user",
                           {"notify-watch --user 12345",
                            "notify-watch --user 12345 --json --count 1 --for 30s",
                            "notify-watch --user 12345 --since 24h --resume shown",
                            "notify-watch --user 12345 --history",
                            "notify-watch --user 12345 --exec 'mail -s \"You have news\" joe'",
                            "notify-watch --url https://example.org --cookie-file cookie.txt",
                            "notify-token --user 12345 | notify-watch --uuid -"}};
    CLI::Option* user = nullptr;
    std::vector<CLI::Option*> others;  // that say who watches
    CLI::Option* count = nullptr;
    CLI::Option* time_limit = nullptr;
    CLI::Option* command = nullptr;
};

// The only line of a file, or of standard input if its name is "-": for what
// should not be seen in the list of processes. It must not be shown in an error.
std::string read_line(char const* option, std::string const& path)
{
    auto line = cli::read_one_line(path, cli::further_lines::refused);
    if (!line)
        throw failure{exit_code::usage,
                      fmt::format("{}: cannot read {}: {}", option,
                                  path == "-" ? "standard input" : in_quotes(path),
                                  line.error().message)};
    return std::move(*line);
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
        identity.next_uuid =
            own_uuids(cli::value_of(parse_user_id(t.user), "--user"), t.redis.resolve(), t.prefix);
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
    auto url = cli::value_of(parse_gateway_url(t.url), "--url");
    errno = 0;
    if (!t.ca_file.empty() && !std::ifstream{t.ca_file})
        throw failure{exit_code::usage, fmt::format("--ca-file: cannot read {}: {}",
                                                    in_quotes(t.ca_file), std::strerror(errno))};
    url.address.ca_file = t.ca_file;
    return url;
}

// Which of the options that say who watches was given, such as "user". NOTIFY_USER
// is for who is not said otherwise.
std::string who_watches(known const& k)
{
    std::vector<std::string> given;
    for (auto const* o : k.others)
        if (o->count() > 0) given.push_back(o->get_lnames().front());
    if (k.line.was_typed(k.user) || (given.empty() && k.user->count() > 0))
        given.insert(given.begin(), "user");
    if (given.empty())
        throw k.line.misused("who watches? Give --user ID, --uuid UUID or --cookie-file FILE");
    if (given.size() > 1)
        throw k.line.misused(fmt::format("--{} exclude each other: one of them says who watches",
                                         fmt::join(given, " and --")));
    return given.front();
}

void add_identity(known& k)
{
    auto& app = k.line.app();
    auto& t = k.t;
    k.line.group("Who watches");
    k.user = cli::add_user(k.line, t.user, "Watch as this user, with uuidCookies minted in Redis");
    k.others = {
        app.add_option("--uuid", t.uuid, "Watch by this uuidCookie, once; - reads it from stdin")
            ->type_name("UUID"),
        app.add_option("--cookie-file", t.cookie_file,
                       "Watch by the cookies in this file, one line as a\nbrowser sends them; the "
                       "web app says who it is;\n- reads them from stdin")
            ->type_name("FILE"),
        app.add_option("--cookie", t.cookie, "The same, typed here, where others may see it")
            ->type_name("TEXT")};
    k.line.group("Where");
    k.line.setting(app.add_option("--url", t.url,
                                  "Of the gateway, or of the site it is part of;\n"
                                  "default http://127.0.0.1:3000")
                       ->type_name("URL"));
    k.line.setting(app.add_option("--ca-file", t.ca_file,
                                  "Trust these authorities (PEM) with https, not the\nsystem's")
                       ->type_name("FILE"));
}

void add_output(known& k)
{
    auto& app = k.line.app();
    auto& t = k.t;
    t.before.add_to(k.line);
    k.line.group("Output");
    cli::add_json(k.line, t.json, "Print one JSON object per line, also on a terminal");
    app.add_flag("--quiet", t.quiet, "Say nothing of the connection on stderr, errors only");
    k.command =
        app.add_option("--exec", t.command, "Run this for each notification")->type_name("CMD");
    app.add_flag("--exec-must-succeed", t.command_must_succeed,
                 "End with 7 if a command of --exec has failed");
    k.line.group("When to end");
    k.count = app.add_option("--count", t.count, "End after so many notifications")
                  ->type_name("N")
                  ->check(cli::number_between(1, 1'000'000'000));
    k.time_limit = app.add_option("--for", t.time_limit, "End after this time: 500ms, 30s, 2m, 1h")
                       ->type_name("TIME");
    t.redis.add_to(k.line);
    cli::add_uuid_prefix(k.line, t.prefix, "the keys in Redis");
    app.footer(footer);
}

watch_options checked(known const& k)
{
    auto const& t = k.t;
    auto const option = who_watches(k);
    if (k.command->count() > 0 && t.command.empty()) throw k.line.misused("--exec needs a command");
    watch_options o;
    o.url = checked_url(t);
    o.identity = checked_identity(t, option);
    if (option == "user") o.user = t.user;
    o.command = t.command;
    o.command_must_succeed = t.command_must_succeed;
    if (k.count->count() > 0) o.count = t.count;
    if (k.time_limit->count() > 0) o.time_limit = cli::duration_above_zero(t.time_limit, "--for");
    o.before = t.before.checked(k.line);
    o.json = t.json || !cli::is_terminal(STDOUT_FILENO);
    o.quiet = t.quiet;
    return o;
}

}  // namespace

watch_options parse_options(int argc, char const* const* argv)
{
    known k;
    add_identity(k);
    add_output(k);
    k.line.parse(argc, argv);
    return checked(k);
}

}  // namespace notify
