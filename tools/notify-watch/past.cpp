// SPDX-License-Identifier: MIT
#include "past.hpp"

#include "base/quoted.hpp"
#include "cli/value_of.hpp"
#include "contract/log_start.hpp"

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace notify {

void past_options::add_to(cli::command_line& line)
{
    auto& app = line.app();
    line.group("What was sent before");
    since_option_ = app.add_option("--since", since_,
                                   "Show first what is stored since then: 90s, 10m, 24h, 7d, all,\n"
                                   "or the id of a notification; default latest, which is nothing")
                        ->type_name("WHEN");
    file_option_ = app.add_option("--resume", file_,
                                  "Go on where the last run ended, and keep in this file\n"
                                  "what was shown last; --since is for the first run")
                       ->type_name("FILE");
    app.add_flag("--history", history_,
                 "Show what is stored and exit: all, or since --since\nor --resume");
}

past past_options::checked(cli::command_line const& line) const
{
    bool const has_since = since_option_->count() > 0;
    if (has_since && !parse_log_start(since_, 0))
        throw cli::failure{cli::exit_code::usage,
                           fmt::format("--since: {} is no place among what is stored: write it as "
                                       "10m, 24h, all, latest, or the id of a notification",
                                       in_quotes(since_))};
    bool const has_file = file_option_->count() > 0;
    if (has_file && file_.empty()) throw line.misused("--resume needs a file");
    past p;
    p.since = has_since ? since_ : history_ && !has_file ? "all" : "latest";
    p.is_wanted = has_file || p.since != "latest";
    p.alone = history_;
    if (has_file) p.resume = cli::value_of(position_file::open(file_), "--resume");
    if (p.resume && p.resume->where()) p.since = to_text(*p.resume->where());
    return p;
}

}  // namespace notify
