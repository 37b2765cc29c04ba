// SPDX-License-Identifier: MIT
#include "options.hpp"

#include "base/byte_order_mark.hpp"
#include "base/quoted.hpp"
#include "cli/command_line.hpp"
#include "cli/duration.hpp"
#include "cli/in_range.hpp"
#include "cli/output.hpp"
#include "cli/redis_settings.hpp"
#include "cli/shared_options.hpp"
#include "cli/value_of.hpp"
#include "libnotify.hpp"

#include <CLI/App.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <utility>

#include <unistd.h>

namespace notify {

namespace {

using cli::exit_code;
using cli::failure;

struct typed {
    std::vector<std::string> users;
    std::string users_file;
    std::optional<std::string> message;
    std::string file;
    bool ndjson = false;
    bool json_body = false;
    bool skip_empty = false;
    std::int64_t max_message = message_rules::default_max;
    bool live = false;
    notification_draft draft;
    std::optional<std::string> ttl;
    std::optional<std::string> id;
    std::optional<std::string> keep;
    std::optional<std::int64_t> max_entries;
    bool require_online = false;
    bool dry_run = false;
    bool json = false;
    cli::redis_settings redis;
};

// What was typed, and the command line, which knows how.
struct known {
    typed t;
    cli::command_line line{
        "notify-send",
        "send a notification to users of a web site",
        {"notify-send --user 12345 \"Hey\"", "uptime | notify-send --user 12345",
         "notify-send --user 12345 --title Build --level error --link /builds/7 \"It broke\"",
         "notify-send --user 12345 --live --json-body '{\"unread\":3}'",
         "notify-send --users-file staff.txt --file news.txt",
         "notify-send --ndjson --json < messages.ndjson > results.ndjson"}};
    CLI::Option* user = nullptr;
};

// Calls read with the file of that name, "-" being stdin.
template <class Read>
auto with_file(std::string const& name, Read read)
{
    if (name == "-") return read(std::cin);
    errno = 0;
    std::ifstream file{name, std::ios::binary};
    if (!file || file.peek() == std::ifstream::traits_type::eof()) {
        if (!file.is_open() || errno == EISDIR)
            throw failure{exit_code::usage,
                          fmt::format("cannot read {}: {}", in_quotes(name), std::strerror(errno))};
        file.clear();  // an empty file is a file
    }
    return read(file);
}

// Up to one byte more than a message may have; without the byte order mark at its
// head, which Windows' editors add, and the line feed at its end, which editors and
// echo add.
std::string read_message(std::istream& in, std::size_t max)
{
    std::string text;
    for (int c;
         text.size() <= max + 5 && (c = in.rdbuf()->sbumpc()) != std::istream::traits_type::eof();)
        text += static_cast<char>(c);
    auto const bare = without_byte_order_mark(text);
    if (!bare)
        throw failure{exit_code::usage, "the message cannot be read: " + bare.error().message};
    text.erase(0, text.size() - bare->size());
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return text;
}

message_rules rules_of(typed const& t)
{
    auto const max = cli::in_range(t.max_message, 1, message_rules::most_max, "--max-message");
    return {static_cast<std::size_t>(max), t.json_body, t.skip_empty, t.live};
}

// The file to read the message from, "-" being stdin; nothing if it was typed. Text
// that is piped in is the message if there is no other, but nobody is kept waiting at
// a terminal for what to type.
std::optional<std::string> message_source(known const& k)
{
    auto const& t = k.t;
    if (t.message && !t.file.empty()) throw k.line.misused("a message and --file: which one?");
    if (t.message && *t.message != "-") return {};
    if (!t.file.empty()) return t.file;
    if (!t.message && (cli::is_terminal(STDIN_FILENO) || t.users_file == "-"))
        throw k.line.misused("what shall be sent? Give a message, pipe one in, or --file FILE");
    return "-";
}

// Puts the draft's fields around the message.
payload payload_of(known const& k, std::string message)
{
    payload what{{}, message.size(), k.t.id.value_or("")};
    auto draft = k.t.draft;
    draft.message = std::move(message);
    auto text = text_of(draft, rules_of(k.t));
    if (!text) throw failure{exit_code::usage, text.error().message};
    what.text = std::make_shared<std::string const>(std::move(*text));
    return what;
}

payload find_message(known const& k)
{
    auto const& t = k.t;
    message_rules const rules = rules_of(t);
    auto const source = message_source(k);
    auto text = source
                    ? with_file(*source,
                                [&](std::istream& in) { return read_message(in, rules.max_bytes); })
                    : *t.message;
    bool const asked_for = t.message || !t.file.empty();
    if (text.empty() && !asked_for && !t.skip_empty)
        throw k.line.misused("what shall be sent? Standard input is empty; give a message, pipe "
                             "one in, or --file FILE");
    return payload_of(k, std::move(text));
}

void refuse_if_any(faulty_rows const& faults)
{
    if (faults.count == 0) return;
    for (auto const& c : faults.complaints) cli::complain(c);
    throw failure{exit_code::usage, fmt::format("nothing was sent: {} of the rows {} not right",
                                                faults.count, faults.count == 1 ? "is" : "are")};
}

// A file that should say for whom, and says nobody, is a mistake of whatever wrote it.
std::vector<row> rows_of_file(std::string const& name, payload const& what)
{
    faulty_rows faults;
    auto rows =
        with_file(name, [&](std::istream& in) { return read_users(in, name, what, faults); });
    refuse_if_any(faults);
    if (rows.empty())
        throw failure{exit_code::usage,
                      fmt::format("{} holds no user id; nothing was sent",
                                  name == "-" ? "standard input" : in_quotes(name))};
    return rows;
}

kept_rows rows_of_users(known const& k)
{
    auto const& t = k.t;
    if (t.users_file == "-" && t.message == "-")
        throw k.line.misused("stdin cannot be both the users and the message");
    payload const what = find_message(k);
    kept_rows kept;
    auto& rows = kept.rows;
    for (auto const& text : t.users)
        rows.push_back({rows.size() + 1, cli::value_of(parse_user_id(text), "--user"), what});
    if (!t.users_file.empty()) {
        auto more = rows_of_file(t.users_file, what);
        std::move(more.begin(), more.end(), std::back_inserter(rows));
    }
    drop_repeated(rows);
    if (t.skip_empty && what.bytes == 0) {
        kept.skipped = rows.size();
        rows.clear();
    }
    return kept;
}

kept_rows rows_of_ndjson(known const& k)
{
    auto const& t = k.t;
    if (!t.users.empty() || !t.users_file.empty() || t.message || !t.file.empty())
        throw k.line.misused("--ndjson reads users and messages from stdin; give no others");
    if (t.id) throw k.line.misused("--id with --ndjson: give each row an \"id\" of its own");
    faulty_rows faults;
    auto kept = read_ndjson(std::cin, rules_of(t), t.draft, faults);
    refuse_if_any(faults);
    return kept;
}

// NOTIFY_USER is for who is not said otherwise. In a command of notify-watch --exec
// it is the user who got the notification: to send to that one without being asked
// to would call the same command again, for ever.
void forget_default_user(known& k)
{
    if (k.line.was_typed(k.user)) return;
    if (k.t.ndjson || !k.t.users_file.empty() || std::getenv("NOTIFY_TIME")) k.t.users.clear();
}

void require_users(known const& k)
{
    auto const& t = k.t;
    if (t.ndjson || !t.users.empty() || !t.users_file.empty()) return;
    if (t.message) throw k.line.misused(fmt::format("--user is missing: {}", which_notify_send));
    throw k.line.misused("for whom? Give --user ID, --users-file FILE, or --ndjson");
}

void add_message(known& k)
{
    auto& app = k.line.app();
    auto& t = k.t;
    app.add_option("message", t.message,
                   "The text to send; without one, or with -, it is read from\n"
                   "stdin. A line feed at its end is not sent");
    k.line.group("For whom");
    k.user = cli::add_user(k.line, t.users, "Send to this user; may be repeated");
    app.add_option("--users-file", t.users_file, "Send to these users: one id a line, - is stdin")
        ->type_name("FILE");
    app.add_flag("--ndjson", t.ndjson,
                 "Read {\"user\":…,\"message\":…} from stdin, one a line. All rows\n"
                 "are read and checked before the first is sent (at most 1 GiB)");
    k.line.group("Message");
    app.add_option("--file", t.file, "Send what this file holds")->type_name("FILE");
    app.add_flag("--json-body", t.json_body, "The message is JSON: check it, send it as it is");
    app.add_flag("--skip-empty", t.skip_empty, "Don't send a message that is empty, but count it");
    k.line.setting(app.add_option("--max-message", t.max_message,
                                  fmt::format("Bytes that a message may have; default {}",
                                              message_rules::default_max))
                       ->type_name("BYTES"));
}

void add_fields(known& k)
{
    auto& app = k.line.app();
    auto& t = k.t;
    k.line.group("Notification (with --ndjson, rows may have fields of their own: \"title\":…)");
    app.add_option("--title", t.draft.title, "A heading for the message")->type_name("TEXT");
    app.add_option("--level", t.draft.level, "info, success, warning or error");
    app.add_option("--link", t.draft.link, "Where a click leads: https://… or /path")
        ->type_name("URL");
    app.add_option("--data", t.draft.data, "Any JSON, for the page's script")->type_name("JSON");
    app.add_option("--event", t.draft.event, "A kind of the site's own, for the page's script")
        ->type_name("NAME");
    app.add_option("--ttl", t.ttl, "Don't show it after this time, as 10m; in a row, seconds")
        ->type_name("TIME");
    app.add_option("--key", t.draft.key,
                   "Take the place of what was sent with the same key: who was\n"
                   "away gets the newest only")
        ->type_name("TEXT");
}

void add_storing(known& k)
{
    auto& app = k.line.app();
    auto& t = k.t;
    k.line.group("Storing");
    app.add_flag("--live", t.live,
                 "Don't store it: publish the message alone, for whoever is\n"
                 "subscribed at this moment");
    app.add_option("--id", t.id,
                   "Sent again with the same id within a day, it is stored and\n"
                   "delivered once")
        ->type_name("TEXT");
    app.add_option("--keep", t.keep, "Keep it this long; default 720h, which is 30 days")
        ->type_name("TIME");
    app.add_option("--max-entries", t.max_entries,
                   "Keep so many of the user's newest; default 1000");
}

void add_rest(known& k)
{
    auto& app = k.line.app();
    auto& t = k.t;
    k.line.group("Sending");
    app.add_flag("--require-online", t.require_online, "Fail (3) when nobody is subscribed");
    app.add_flag("--dry-run", t.dry_run, "Check everything, send nothing");
    cli::add_json(k.line, t.json, "Print one JSON object for each row");
    t.redis.add_to(k.line);
    app.footer("A subscription is a gateway that holds connections of that user; how many tabs\n"
               "are behind it, only the gateway knows.\n\n"
               "Who is away gets a stored notification later: that nobody is subscribed is\n"
               "no failure.\n\n"
               "Exit status: 0 sent, 1 failed, 2 wrong usage or input (nothing was sent),\n"
               "3 not online (--require-online), 4 Redis forbids to store (the error says\n"
               "what to grant), 5 Redis not reached, 7 some rows failed, 130 Ctrl-C, 143\n"
               "SIGTERM: what was sent until then is said");
}

std::int64_t seconds_of(std::string const& text, std::string_view option)
{
    auto const time = cli::duration_above_zero(text, option);
    if (time.count() % 1000 != 0)
        throw failure{exit_code::usage,
                      fmt::format("{} {} is not in whole seconds", option, in_quotes(text))};
    return time.count() / 1000;
}

void refuse_with_live(known const& k)
{
    auto const& d = k.t.draft;
    for (auto const& [given, name] : std::initializer_list<std::pair<bool, std::string_view>>{
             {d.title.has_value(), "--title"},
             {d.level.has_value(), "--level"},
             {d.link.has_value(), "--link"},
             {d.data.has_value(), "--data"},
             {d.event.has_value(), "--event"},
             {k.t.ttl.has_value(), "--ttl"},
             {d.key.has_value(), "--key"},
             {k.t.id.has_value(), "--id"},
             {k.t.keep.has_value(), "--keep"},
             {k.t.max_entries.has_value(), "--max-entries"}})
        if (given)
            throw k.line.misused(
                fmt::format("{} is for what is stored: leave it or --live out", name));
}

// What the rows are made with has to be right before they are read.
void check_storing(known& k)
{
    auto& t = k.t;
    if (t.live) return refuse_with_live(k);
    if (t.ttl) t.draft.ttl = seconds_of(*t.ttl, "--ttl");
    if (t.id) cli::value_of(check_id(*t.id), "--id");
    if (t.max_entries) cli::in_range(*t.max_entries, 1, 999'999, "--max-entries");
    if (auto const ok = check_fields(t.draft); !ok)
        throw failure{exit_code::usage, ok.error().message};
}

send_options checked(known const& k)
{
    auto const& t = k.t;
    send_options o;
    o.live = t.live;
    if (t.keep) o.how.keep = seconds_of(*t.keep, "--keep");
    o.how.max_entries = t.max_entries.value_or(0);
    o.json = t.json;
    o.dry_run = t.dry_run;
    o.require_online = t.require_online;
    o.line_per_row = !t.ndjson && t.users_file.empty();
    o.redis = t.redis.resolve();
    auto kept = t.ndjson ? rows_of_ndjson(k) : rows_of_users(k);
    o.rows = std::move(kept.rows);
    o.skipped = kept.skipped;
    return o;
}

}  // namespace

send_options parse_options(int argc, char const* const* argv)
{
    known k;
    add_message(k);
    add_fields(k);
    add_storing(k);
    add_rest(k);
    if (auto const sign = sign_of_libnotify(k.line.app(), argc, argv))
        throw k.line.misused(fmt::format("{}: {}", *sign, which_notify_send));
    k.line.parse(argc, argv);
    forget_default_user(k);
    require_users(k);
    check_storing(k);
    return checked(k);
}

}  // namespace notify
