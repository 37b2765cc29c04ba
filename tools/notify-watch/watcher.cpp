// SPDX-License-Identifier: MIT
#include "watcher.hpp"

#include "base/quoted.hpp"
#include "cli/output.hpp"
#include "cli/run.hpp"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <unistd.h>

namespace notify {

namespace {

using cli::exit_code;
using cli::failure;

// Writes a line to standard output at once, without a buffer. It does not use stdio, which loses
// its buffer when a signal interrupts the write, as SIGCHLD of a command may. Returns false if
// nobody reads standard output any more.
bool print_now(std::string_view line)
{
    while (!line.empty()) {
        auto const n = ::write(STDOUT_FILENO, line.data(), line.size());
        if (n >= 0) {
            line.remove_prefix(static_cast<std::size_t>(n));
        } else if (errno == EPIPE) {
            return false;
        } else if (errno != EINTR) {
            throw failure{exit_code::failed,
                          fmt::format("cannot write the results: {}", std::strerror(errno))};
        }
    }
    return true;
}

// For errors that may quote the gateway: a terminal must not obey what it sends.
std::string escaped(std::string_view text)
{
    std::string out;
    append_escaped(out, text);
    return out;
}

}  // namespace

watcher::watcher(net::any_io_executor const& executor, watch_options options)
    : resume_{std::move(options.before.resume)},
      options_{std::move(options)},
      client_{executor, options_.url, options_.identity, *this, options_.before.since},
      commands_{executor, options_.command},
      output_{executor, [this] { finish(exit_code::done); }},
      time_limit_{executor}
{
}

net::awaitable<exit_code> watcher::run()
{
    using kind = notification_client::ending::kind;
    if (options_.time_limit) {
        time_limit_.expires_after(*options_.time_limit);
        time_limit_.async_wait([this](error_code const& ec) {
            if (!ec) on_time_up();
        });
    }
    auto const end = co_await client_.run();
    time_limit_.cancel();
    co_await commands_.drained();  // also the commands of the last notifications are run
    if (end.what == kind::refused)
        throw failure{exit_code::refused,
                      fmt::format("refused by {}: {}", options_.url.display, escaped(end.why))};
    if (end.what == kind::unreachable) throw unreachable(end.why);
    bool const failed = options_.command_must_succeed && commands_.failed() > 0;
    if (code_ == exit_code::done && (failed || left_out_ > 0)) co_return exit_code::partly;
    co_return code_.value_or(exit_code::failed);
}

// What is stored comes before the first subscription.
void watcher::on_subscribed()
{
    auto const before = std::exchange(contact_, contact::up);
    if (before == contact::none && options_.before.is_wanted && !has_position_) lack_positions();
    if (options_.before.alone) return finish(exit_code::done);
    if (before != contact::none)
        return status(has_position_ ? "back; what was sent live meanwhile is not shown"
                                    : "back; what was sent meanwhile is not shown");
    auto const whom = options_.user.empty() ? "" : fmt::format("user {} ", options_.user);
    status(fmt::format("watching {}at {}", whom, options_.url.display));
}

void watcher::lack_positions()
{
    auto const what = fmt::format("{} does not say what is stored: it is older than this program, "
                                  "or may not run its scripts in Redis",
                                  options_.url.display);
    if (options_.before.alone) throw failure{exit_code::failed, what};
    cli::complain(what);
}

void watcher::on_notification(notification n)
{
    ++seen_;
    auto const where = n.where;
    received r{std::chrono::system_clock::now(), options_.user, std::move(n)};
    if (!print_now(options_.json ? to_json_line(r) : to_terminal_line(r)))
        return finish(exit_code::done);
    if (where) keep(*where);
    if (!options_.command.empty()) run_command(std::move(r));
    if (options_.count && seen_ >= *options_.count) finish(exit_code::done);
}

void watcher::on_position(position const& where) { keep(where); }

// --quiet is for what happens to the connection. This has happened to the notifications.
void watcher::on_gap()
{
    cli::complain("notifications may be missing here: they are not stored any more, or cannot be "
                  "read");
    auto const line = gap_to_json_line(std::chrono::system_clock::now(), options_.user);
    if (options_.json && !print_now(line)) finish(exit_code::done);
}

void watcher::keep(position const& where)
{
    has_position_ = true;
    if (!resume_) return;
    if (auto const kept = resume_->keep(where); !kept)
        throw failure{exit_code::failed, fmt::format("--resume: {}", kept.error().message)};
}

void watcher::run_command(received r)
{
    if (commands_.try_push(std::move(r))) return;
    ++left_out_;
    cli::complain("too many notifications wait for the command of --exec; "
                  "this one is not given to it");
}

void watcher::on_missed(std::string const& why) { status(why); }

void watcher::on_lost(std::string const& why, std::chrono::milliseconds pause)
{
    auto const before = std::exchange(contact_, contact::lost);
    status(fmt::format("{}: {}; trying again in {:.1f} s",
                       before == contact::lost ? "still no connection" : "connection lost", why,
                       std::chrono::duration<double>(pause).count()));
}

void watcher::on_time_up()
{
    if (contact_ != contact::none && !options_.count) return finish(exit_code::done);
    cli::complain(contact_ == contact::none
                      ? fmt::format("the time of --for is over, and {} has not let us in yet",
                                    options_.url.display)
                      : fmt::format("the time of --for is over: {} of {} notifications have come",
                                    seen_, *options_.count));
    finish(exit_code::timed_out);
}

void watcher::finish(exit_code code)
{
    if (!code_) code_ = code;
    client_.stop();
}

void watcher::status(std::string_view line) const
{
    if (!options_.quiet) cli::complain(escaped(line));
}

failure watcher::unreachable(std::string const& why) const
{
    auto const sentence =
        contact_ == contact::none
            ? fmt::format("cannot watch at {}: {}", options_.url.display, escaped(why))
            : fmt::format("connection lost: {}; a uuid works once, so there is no other try "
                          "(there is with --user or --cookie-file)",
                          escaped(why));
    return {exit_code::unreachable, sentence};
}

net::awaitable<exit_code> watch(watch_options options)
{
    watcher w{co_await net::this_coro::executor, std::move(options)};
    co_return co_await w.run();
}

}  // namespace notify
