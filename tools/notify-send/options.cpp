// SPDX-License-Identifier: MIT
#include "options.hpp"

#include "base/quoted.hpp"
#include "cli/command_line.hpp"
#include "cli/in_range.hpp"
#include "cli/output.hpp"
#include "cli/redis_settings.hpp"

#include <CLI/App.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <utility>

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
    std::int64_t max_message = message_rules::default_max;
    bool require_online = false;
    bool dry_run = false;
    bool json = false;
    cli::redis_settings redis;
};

failure misused(std::string const& what)
{
    return {exit_code::usage, what + "; try notify-send --help"};
}

// Desktops have a notify-send of their own (libnotify). Who calls this one as if
// it were that one has no --user, and is told before any option is looked at.
bool says_for_whom(int argc, char const* const* argv)
{
    for (int i = 1; i < argc; ++i) {
        std::string_view const arg{argv[i]};
        if (arg == "--") return false;
        if (arg.starts_with("--user") || arg == "--ndjson" || arg == "-h" || arg == "--help" ||
            arg == "--version")
            return true;
    }
    return false;
}

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

// Up to one byte more than a message may have; without the line feed at its end,
// which editors and echo add.
std::string read_message(std::istream& in, std::size_t max)
{
    std::string text;
    for (int c;
         text.size() <= max + 2 && (c = in.rdbuf()->sbumpc()) != std::istream::traits_type::eof();)
        text += static_cast<char>(c);
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return text;
}

message_rules rules_of(typed const& t)
{
    auto const max = cli::in_range(t.max_message, 1, message_rules::most_max, "--max-message");
    return {static_cast<std::size_t>(max), t.json_body};
}

std::shared_ptr<std::string const> find_message(typed const& t)
{
    message_rules const rules = rules_of(t);
    if (t.message && !t.file.empty()) throw misused("a message and --file: which one?");
    if (!t.message && t.file.empty())
        throw misused("what shall be sent? Give a message, - to read it from stdin, or --file");
    std::string text;
    if (t.message && *t.message != "-")
        text = *t.message;
    else
        text = with_file(t.message ? "-" : t.file,
                         [&](std::istream& in) { return read_message(in, rules.max_bytes); });
    if (auto const ok = check_message(text, rules); !ok)
        throw failure{exit_code::usage, ok.error().message};
    return std::make_shared<std::string const>(std::move(text));
}

void refuse_if_any(faulty_rows const& faults)
{
    if (faults.count == 0) return;
    for (auto const& c : faults.complaints) cli::complain(c);
    throw failure{exit_code::usage, fmt::format("nothing was sent: {} of the rows {} not right",
                                                faults.count, faults.count == 1 ? "is" : "are")};
}

std::vector<row> rows_of_users(typed const& t)
{
    if (t.users_file == "-" && t.message == "-")
        throw misused("stdin cannot be both the users and the message");
    auto const message = find_message(t);
    std::vector<row> rows;
    for (auto const& text : t.users) {
        auto user = parse_user_id(text);
        if (!user) throw failure{exit_code::usage, "--user: " + user.error().message};
        rows.push_back({rows.size() + 1, std::move(*user), message});
    }
    if (!t.users_file.empty()) {
        faulty_rows faults;
        auto more = with_file(t.users_file, [&](std::istream& in) {
            return read_users(in, t.users_file, message, faults);
        });
        refuse_if_any(faults);
        std::move(more.begin(), more.end(), std::back_inserter(rows));
    }
    drop_repeated(rows);
    return rows;
}

std::vector<row> rows_of_ndjson(typed const& t)
{
    if (!t.users.empty() || !t.users_file.empty() || t.message || !t.file.empty())
        throw misused("--ndjson reads users and messages from stdin; give no others");
    faulty_rows faults;
    auto rows = read_ndjson(std::cin, rules_of(t), faults);
    refuse_if_any(faults);
    return rows;
}

void add_options(cli::command_line& line, typed& t)
{
    auto& app = line.app();
    app.add_option("message", t.message,
                   "The text to send; - reads it from stdin.\n"
                   "A line feed at its end is not sent");
    app.add_option("--user", t.users, "Send to this user; may be repeated")
        ->type_name("ID")
        ->allow_extra_args(false);
    app.add_option("--users-file", t.users_file, "Send to these users: one id a line, - is stdin")
        ->type_name("FILE");
    app.add_option("--file", t.file, "Send what this file holds")->type_name("FILE");
    app.add_flag("--json-body", t.json_body, "The message is JSON: check it, send it as it is");
    app.add_flag("--ndjson", t.ndjson,
                 "Read {\"user\":…,\"message\":…} from stdin, one a line. All rows\n"
                 "are read and checked before the first is sent (at most 1 GiB)");
    line.setting(app.add_option("--max-message", t.max_message,
                                fmt::format("Bytes that a message may have; default {}",
                                            message_rules::default_max))
                     ->type_name("BYTES"));
    app.add_flag("--require-online", t.require_online, "Fail (3) when nobody is subscribed");
    app.add_flag("--dry-run", t.dry_run, "Check everything, send nothing");
    line.setting(app.add_flag("--json", t.json, "Print one JSON object for each row"));
    t.redis.add_to(line);
    app.footer("A subscription is a gateway that holds connections of that user; how many tabs\n"
               "are behind it, only the gateway knows.\n\n"
               "Exit status: 0 sent, 1 failed, 2 wrong usage or input (nothing was sent),\n"
               "3 not online (--require-online), 5 Redis not reached, 7 some rows failed");
}

}  // namespace

send_options parse_options(int argc, char const* const* argv)
{
    typed t;
    cli::command_line line{"notify-send",
                           "send a notification to users of a web site",
                           {"notify-send --user 12345 \"Hey\"",
                            "uptime | notify-send --user 12345 -",
                            "notify-send --user 12345 --json-body '{\"unread\":3}'",
                            "notify-send --users-file staff.txt --file news.txt",
                            "notify-send --ndjson --json < messages.ndjson > results.ndjson"}};
    add_options(line, t);
    if (!says_for_whom(argc, argv))
        throw misused("--user is missing. This notify-send sends to the users of a web site, "
                      "through notify-gateway;\nto show something on this desktop, use the "
                      "notify-send of libnotify (/usr/bin/notify-send)");
    line.parse(argc, argv);

    send_options o;
    o.json = t.json;
    o.dry_run = t.dry_run;
    o.require_online = t.require_online;
    o.line_per_row = !t.ndjson && t.users_file.empty();
    o.redis = t.redis.resolve();
    o.rows = t.ndjson ? rows_of_ndjson(t) : rows_of_users(t);
    return o;
}

}  // namespace notify
