// SPDX-License-Identifier: MIT
#include "report.hpp"

#include "base/json.hpp"
#include "cli/output.hpp"
#include "cli/run.hpp"
#include "contract/channel_name.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>

namespace notify {

namespace {

using cli::exit_code;

std::string plural(std::size_t n, std::string_view noun)
{
    return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

}  // namespace

report::report(send_options const& options) : options_{options}, progress_{options.rows.size()} {}

void report::print(std::string_view line)
{
    if (muted_) return;
    try {
        cli::print(std::string{line} + "\n");
    } catch (cli::output_closed const&) {
        muted_ = true;
    }
}

void report::on_sent(row const& r, std::int64_t subscriptions)
{
    ++sent_;
    if (subscriptions > 0) ++received_;
    if (options_.json)
        print(to_text(
            json{{"row", r.number}, {"user", r.user.text()}, {"subscriptions", subscriptions}}));
    else if (options_.line_per_row && subscriptions > 0)
        print(fmt::format("{}: received by {}", r.user.text(),
                          plural(static_cast<std::size_t>(subscriptions), "subscription")));
    else if (options_.line_per_row)
        print(fmt::format("{}: sent, but nobody is subscribed", r.user.text()));
    progress_.on_row();
}

std::string report::in_words(stored_notification const& s) const
{
    if (s.is_repeated) return fmt::format("stored before as {}; not sent again", s.id);
    auto const who = plural(static_cast<std::size_t>(s.receivers), "subscription");
    if (s.receivers > 0) return fmt::format("stored as {}, received by {}", s.id, who);
    return fmt::format("stored as {}, received by {}: it waits for the user", s.id, who);
}

void report::on_stored(row const& r, stored_notification const& s)
{
    ++sent_;
    if (s.is_repeated) ++repeated_;
    if (s.receivers > 0) ++received_;
    if (options_.json) {
        json line{{"row", r.number}, {"user", r.user.text()}, {"id", s.id}, {"at", s.at}};
        if (s.is_repeated)
            line["repeated"] = true;
        else
            line["subscriptions"] = s.receivers;
        print(to_text(line));
    } else if (options_.line_per_row) {
        print(fmt::format("{}: {}", r.user.text(), in_words(s)));
    }
    progress_.on_row();
}

void report::print_error(row const& r, std::string_view why)
{
    ++failed_;
    if (options_.json)
        print(to_text(json{{"row", r.number}, {"user", r.user.text()}, {"error", why}}));
    progress_.on_row();
}

void report::on_failed(row const& r, publish_error const& e)
{
    auto const& why = e.why;
    forbidden_ = forbidden_ || e.is_forbidden;
    print_error(r, why);
    if (options_.json || failed_ > told_in_words) return;
    progress_.clear();
    cli::complain(options_.rows.size() == 1
                      ? why
                      : fmt::format("row {}, user {}: {}", r.number, r.user.text(), why));
}

void report::on_lost(row const& r, bool perhaps, std::string_view why)
{
    print_error(r, fmt::format("{}: {}", perhaps ? "perhaps sent" : "not sent", why));
    why_lost_ = why;
    if (perhaps) ++perhaps_;
    auto& first = perhaps ? first_lost_ : first_unsent_;
    if (!first) first = &r;
}

// Says from which row on to send again.
void report::explain_loss()
{
    if (why_lost_.empty()) return;
    std::string line = why_lost_;
    if (options_.rows.size() == 1)
        line += "; the message was perhaps sent";
    else if (first_lost_)
        line += fmt::format("; {} from row {} on {} perhaps sent", plural(perhaps_, "message"),
                            first_lost_->number, perhaps_ == 1 ? "was" : "were");
    if (first_unsent_) line += fmt::format("; from row {} on nothing was", first_unsent_->number);
    cli::complain(line);
}

// The same after Ctrl-C or SIGTERM: rows without an answer of Redis may have been sent or not.
void report::explain_interruption()
{
    auto const& rows = options_.rows;
    auto const answered = sent_ + failed_ + checked_;
    auto const underway = given_ > answered ? given_ - answered : 0;
    std::string line = "interrupted";
    if (underway > 0 && rows.size() == 1)
        line += "; the message was perhaps sent";
    else if (underway > 0)
        line += fmt::format("; {} from row {} on {} perhaps sent", plural(underway, "message"),
                            rows[answered].number, underway == 1 ? "was" : "were");
    if (auto const next = answered + underway; next < rows.size())
        line += next == 0 ? "; nothing was sent"
                          : fmt::format("; from row {} on nothing was", rows[next].number);
    cli::complain(line);
}

void report::on_checked(row const& r)
{
    ++checked_;
    auto const channel = channel_of(r.user);
    if (options_.json)
        print(to_text(json{{"row", r.number},
                           {"user", r.user.text()},
                           {"channel", channel},
                           {"bytes", r.what.bytes},
                           {"dry_run", true}}));
    else if (options_.line_per_row)
        print(fmt::format("{}: would send {} to {}", r.user.text(), plural(r.what.bytes, "byte"),
                          channel));
}

// A sentence for people; on stderr if --json has written for a program on stdout.
void report::summarize()
{
    if (options_.rows.size() == 1 && options_.line_per_row) return;
    std::string line = fmt::format("{} {}", sent_, sent_ == 1 ? "message sent" : "messages sent");
    if (options_.dry_run)
        line = fmt::format("{} {} right; nothing was sent", plural(checked_, "row"),
                           checked_ == 1 ? "is" : "are");
    else if (sent_ > 0)
        line += fmt::format(": {} received, {} to users who are not online", received_,
                            sent_ - received_ - repeated_);
    if (repeated_ > 0) line += fmt::format(", {} not again, as sent before", repeated_);
    if (failed_ > 0) line += fmt::format("; {} failed", failed_);
    if (auto const n = options_.skipped; n > 0)
        line += fmt::format("; {} skipped, since {} empty", n, n == 1 ? "it is" : "they are");
    if (options_.json)
        cli::complain(line);
    else
        print(line);
}

exit_code report::verdict() const
{
    auto const offline = options_.require_online ? sent_ - received_ - repeated_ : 0;
    if (failed_ + offline == 0) return exit_code::done;
    if (failed_ + offline < options_.rows.size()) return exit_code::partly;
    if (failed_ == 0) return exit_code::not_delivered;
    return forbidden_ && !options_.live ? exit_code::refused : exit_code::failed;
}

exit_code report::finish(exit_code ended)
{
    progress_.clear();
    explain_loss();
    if (ended >= exit_code::interrupted) explain_interruption();
    summarize();
    bool const lost_midway = ended == exit_code::unreachable && sent_ > 0;
    return ended == exit_code::done || lost_midway ? verdict() : ended;
}

}  // namespace notify
