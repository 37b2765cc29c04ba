// SPDX-License-Identifier: MIT
#include "options.hpp"

#include "base/quoted.hpp"
#include "cli/command_line.hpp"
#include "cli/duration.hpp"
#include "cli/in_range.hpp"
#include "cli/output.hpp"
#include "cli/redis_settings.hpp"
#include "cli/shared_options.hpp"
#include "cli/suggestion.hpp"
#include "cli/value_of.hpp"
#include "contract/user_id.hpp"
#include "limits.hpp"
#include "secret_file.hpp"
#include "wire/kept_headers.hpp"
#include "wire/shard_id.hpp"

#include <CLI/App.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace notify {

namespace {

using cli::exit_code;
using cli::failure;
using cli::value_of;

struct typed {
    std::string host = "127.0.0.1";
    std::int64_t port = 3000;
    bool share_port = false;
    std::int64_t threads = 0;
    std::string drain = "20s";
    bool no_eio3 = false;
    cli::redis_settings redis;
    std::string cookies_url = "http://localhost:3333/python/currentUserId/";
    std::string prefix;
    std::string secret_file;
    std::string recovery_window = "2m";
    limits limit;
    std::vector<std::string> headers;
    std::vector<std::string> origins;
    std::vector<std::string> proxies;
    std::string session_cookie;
    std::string session_channel;
    bool dev = false;
    std::string sample_user;
    std::string bundle_folder;
    std::string log_level = "info";
};

failure misused(std::string const& what) { return {exit_code::usage, what}; }

std::optional<net::ip::address> parse_address(std::string const& text)
{
    error_code ec;
    auto const address = net::ip::make_address(text == "localhost" ? "127.0.0.1" : text, ec);
    return ec ? std::nullopt : std::optional{address};
}

std::string check_address(std::string const& text)
{
    if (parse_address(text)) return {};
    return fmt::format("{} is not an address; write 127.0.0.1, 0.0.0.0, ::1 or ::",
                       in_quotes(text));
}

tcp::endpoint endpoint_of(typed const& t)
{
    return {*parse_address(t.host), static_cast<std::uint16_t>(t.port)};
}

std::size_t thread_count(typed const& t)
{
    if (t.threads == 0) return std::max(1u, std::thread::hardware_concurrency());
    return static_cast<std::size_t>(cli::in_range(t.threads, 1, max_shards, "--threads"));
}

std::optional<session_mode> session_of(typed const& t)
{
    if (t.session_cookie.empty() != t.session_channel.empty())
        throw misused("--session-cookie and --session-channel go together");
    if (t.session_cookie.empty()) return std::nullopt;
    // Without fixed text around it, a session's value could be any channel.
    if (t.session_channel.find("{session}") == std::string::npos ||
        t.session_channel == "{session}")
        throw misused(fmt::format("--session-channel {} must hold {{session}} and more; such as "
                                  "notifications.{{session}}",
                                  in_quotes(t.session_channel)));
    return session_mode{t.session_cookie, t.session_channel};
}

// Without --bundle-dir: what was built or installed with this program, if anything.
std::shared_ptr<bundle const> find_bundle(typed const& t)
{
    if (!t.bundle_folder.empty())
        return std::make_shared<bundle>(value_of(bundle::read(t.bundle_folder), "--bundle-dir"));
    std::error_code ec;
    auto const self = std::filesystem::read_symlink("/proc/self/exe", ec);
    auto found = bundle::read(self.parent_path() / NOTIFY_BUNDLE_DIR);
    return std::make_shared<bundle>(found ? std::move(*found) : bundle{});
}

void check_dev(typed const& t, tcp::endpoint const& at)
{
    if (t.dev && !at.address().is_loopback())
        throw misused(fmt::format(
            "--dev lets everybody be anybody, so it listens on loopback only, not on --host {}",
            t.host));
}

void set_log_level(std::string const& level)
{
    static std::vector<std::string> const levels{"debug", "info", "warn", "error", "off"};
    if (std::find(levels.begin(), levels.end(), level) == levels.end()) {
        auto const meant = cli::closest(level, levels);
        throw misused(fmt::format("--log-level {} is not one of {}{}", in_quotes(level),
                                  fmt::join(levels, ", "),
                                  meant.empty() ? "" : fmt::format("; did you mean {}?", meant)));
    }
    spdlog::set_level(spdlog::level::from_str(level));
}

void add_listening(cli::command_line& line, typed& t)
{
    auto& app = line.app();
    line.group("Listening");
    line.setting(app.add_option("--host", t.host, "Listen on this address; default 127.0.0.1")
                     ->type_name("ADDRESS")
                     ->check(check_address),
                 {"HOST"});
    line.setting(app.add_option("--port", t.port, "Listen on this port; default 3000")
                     ->type_name("PORT")
                     ->check(cli::number_between(0, 65'535)),
                 {"PORT"});
    line.setting(
        app.add_flag("--share-port", t.share_port, "Listen although another gateway has the port"));
    line.setting(app.add_option("--drain", t.drain,
                                "After SIGTERM, close the sessions one after the other within\n"
                                "this time, such as 2m, so that their clients move to another\n"
                                "gateway; 0s: all at once, as after SIGINT; default 20s")
                     ->type_name("TIME"));
    line.setting(app.add_option("--threads", t.threads, "Shards; default one for each core")
                     ->type_name("N"));
}

void add_identity(cli::command_line& line, typed& t)
{
    auto& app = line.app();
    line.group("Who is who");
    line.setting(
        app.add_option("--subscribe-by-cookies-url", t.cookies_url,
                       "Ask the web app here whose cookies these are, or on a unix socket,\n"
                       "as unix:/run/app.sock:/whoami; empty: never;\n"
                       "default http://localhost:3333/python/currentUserId/")
            ->type_name("URL"),
        {"SUBSCRIBE_BY_COOKIES_URL"}, cli::command_line::empty::value);
    line.setting(
        app.add_option("--web-app-header", t.headers,
                       "Give it this header of the browser's request too, besides Cookie,\n"
                       "Authorization, User-Agent, Accept-Language and X-Forwarded-For,\n"
                       "-Host, -Proto; repeatable")
            ->type_name("NAME"));
    cli::add_uuid_prefix(line, t.prefix, "uuidCookies in Redis");
}

void add_recovery(cli::command_line& line, typed& t)
{
    auto& app = line.app();
    line.group("Recovery");
    line.setting(app.add_option("--recovery-window", t.recovery_window,
                                "Take clients back without asking who they are, and give them\n"
                                "what they missed, so long after a cut: 30s, 2m; 0: never;\n"
                                "default 2m")
                     ->type_name("TIME"));
    line.setting(app.add_option("--secret-file", t.secret_file,
                                "Know them by this key, of 32 random bytes or more, the same for\n"
                                "all gateways; default: a key that is kept in Redis")
                     ->type_name("FILE"));
}

void add_browsers(cli::command_line& line, typed& t)
{
    auto& app = line.app();
    line.group("Browsers");
    line.setting(app.add_option("--allow-origin", t.origins,
                                "Let pages of this origin connect too: https://example.org,\n"
                                "https://*.example.org for all below that name, null for those\n"
                                "from files and in sandboxes (of any site: not where cookies\n"
                                "count), * for all; repeatable")
                     ->type_name("ORIGIN"));
    line.setting(app.add_option("--trusted-proxy", t.proxies,
                                "Believe X-Forwarded-* of this address or network too;\n"
                                "loopback always is; repeatable")
                     ->type_name("ADDRESS"));
    line.setting(app.add_flag("--no-eio3", t.no_eio3,
                              "Refuse clients of Socket.IO 2, which speak Engine.IO 3"));
    line.setting(
        app.add_option("--bundle-dir", t.bundle_folder,
                       "Folder of the scripts to serve: socket.io-client, notify-client.js")
            ->type_name("DIR"));
}

void add_session_mode(cli::command_line& line, typed& t)
{
    auto& app = line.app();
    line.group("Session mode");
    line.setting(app.add_option("--session-cookie", t.session_cookie,
                                "The cookie that names the web session")
                     ->type_name("NAME"));
    line.setting(app.add_option("--session-channel", t.session_channel,
                                "The channel of a session, such as\n"
                                "notifications.{session}")
                     ->type_name("PATTERN"));
}

void add_trial(cli::command_line& line, typed& t)
{
    auto& app = line.app();
    line.group("Trying it out");
    app.add_flag("--dev", t.dev,
                 "Start a Redis if none answers, serve a page at / that sends and\n"
                 "shows notifications. On loopback only");
    line.setting(app.add_option("--sample-userid", t.sample_user,
                                "The user that the page of --dev begins with; default random")
                     ->type_name("ID"),
                 {"SAMPLE_USERID"});
}

void add_log(cli::command_line& line, typed& t)
{
    line.group("Log");
    line.setting(
        line.app()
            .add_option("--log-level", t.log_level, "debug, info, warn, error or off; default info")
            ->type_name("LEVEL"));
}

void add_options(cli::command_line& line, typed& t)
{
    add_listening(line, t);
    t.redis.add_to(line);
    add_identity(line, t);
    add_recovery(line, t);
    add_browsers(line, t);
    add_session_mode(line, t);
    t.limit.add_to(line);
    add_trial(line, t);
    add_log(line, t);
    line.app().footer(
        "SIGHUP, SIGUSR1 and SIGUSR2 do not end it.\n\n"
        "Exit status: 0 after SIGINT or SIGTERM, 1 failed, such as by a port that is taken,\n"
        "2 wrong usage");
}

recovery_settings recovery_of(typed const& t)
{
    recovery_settings r;
    // No other time needs no unit.
    std::string const typed_window = t.recovery_window == "0" ? "0s" : t.recovery_window;
    auto const window = value_of(cli::parse_duration(typed_window), "--recovery-window");
    // The times that are signed are in seconds.
    r.window = std::chrono::ceil<std::chrono::seconds>(window);
    if (r.window > std::chrono::hours{24})
        throw misused(fmt::format("--recovery-window {} is more than 24h", t.recovery_window));
    if (!t.secret_file.empty()) r.key = read_secret_file(t.secret_file);
    return r;
}

gateway_settings checked(typed const& t)
{
    gateway_settings s;
    s.listen_at = endpoint_of(t);
    check_dev(t, s.listen_at);
    s.share_port = t.share_port;
    s.threads = thread_count(t);
    s.drain = value_of(cli::parse_duration(t.drain), "--drain");
    s.engine.eio3 = !t.no_eio3;
    s.redis = t.redis.resolve();
    // Without one, a client could read and delete any key of that Redis.
    if (t.prefix.empty()) throw misused("--uuidcookie-prefix must not be empty");
    s.uuid_prefix = t.prefix;
    if (!t.cookies_url.empty())
        s.web_app = value_of(parse_web_app_url(t.cookies_url), "--subscribe-by-cookies-url");
    for (std::string const& name : t.headers)
        s.http.more_headers.push_back(value_of(parse_header_name(name), "--web-app-header"));
    s.session = session_of(t);
    s.recovery = recovery_of(t);
    t.limit.apply_to(s);
    for (std::string const& o : t.origins) value_of(s.origins.allow(o), "--allow-origin");
    for (std::string const& p : t.proxies) value_of(s.origins.trust_proxy(p), "--trusted-proxy");
    s.browser_bundle = find_bundle(t);
    s.dev = t.dev;
    s.show_subscriptions = t.dev || cli::is_terminal(STDERR_FILENO);
    if (!t.sample_user.empty())
        s.sample_user = value_of(parse_user_id(t.sample_user), "--sample-userid").text();
    set_log_level(t.log_level);
    return s;
}

}  // namespace

gateway_settings parse_options(int argc, char const* const* argv)
{
    typed t;
    cli::command_line line{
        "notify-gateway",
        "hold the browsers' connections, find out who each one is, and deliver each\n"
        "user's notifications from Redis",
        {"notify-gateway --dev", "notify-gateway --redis redis://10.0.0.5:6379 --port 3000",
         "notify-gateway --subscribe-by-cookies-url http://localhost:8000/whoami",
         "notify-gateway --share-port --drain 1m",
         "notify-gateway --session-cookie sessionid --session-channel 'notifications.{session}'"}};
    add_options(line, t);
    line.parse(argc, argv);
    return checked(t);
}

}  // namespace notify
