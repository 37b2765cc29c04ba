// SPDX-License-Identifier: MIT
#include "sender.hpp"

#include "cli/redis_settings.hpp"
#include "redis/function_library.hpp"
#include "redis/log_scripts.hpp"

#include <chrono>
#include <optional>
#include <tuple>
#include <utility>

namespace notify {

namespace {

using cli::exit_code;

constexpr std::size_t max_on_way = 2000;
constexpr std::size_t max_bytes = 8u << 20;

template <class T>
std::optional<publish_error> error_of(boost::system::result<T, publish_error> const& sent)
{
    if (sent) return std::nullopt;
    return sent.error();
}

}  // namespace

sender::sender(redis::redis_client& redis, send_options const& options, report& told)
    : redis_{redis},
      publisher_{redis},
      options_{options},
      rows_{options.rows},
      told_{told},
      finished_{redis.get_executor()}
{
}

net::awaitable<exit_code> sender::run()
{
    finished_.expires_at(std::chrono::steady_clock::time_point::max());
    if (!options_.live) co_await prepare();
    fill();
    if (on_way_ > 0) co_await finished_.async_wait(as_result);
    if (lost_.empty()) co_return exit_code::done;
    for (; next_ < rows_.size(); ++next_) told_.on_lost(rows_[next_], false, lost_);
    co_return exit_code::unreachable;
}

// Redis may refuse both: then each row takes the script's text, and FCALL is for others.
net::awaitable<void> sender::prepare()
{
    auto const text = redis::send_script().text();
    std::vector<std::string> command{"SCRIPT", "LOAD", std::string{text}};
    std::ignore = co_await redis_.async_command(std::move(command));
    std::ignore = co_await redis::async_provide_functions(redis_);
}

bool sender::room() const { return on_way_ == 0 || (on_way_ < max_on_way && bytes_ < max_bytes); }

void sender::fill()
{
    while (next_ < rows_.size() && room()) {
        auto const& r = rows_[next_++];
        ++on_way_;
        bytes_ += r.what.text->size();
        told_.on_given();
        send(r);
    }
}

void sender::send(row const& r)
{
    if (options_.live)
        return publisher_.live(r.user, *r.what.text, [this, &r](publish_result const& sent) {
            if (sent) told_.on_sent(r, *sent);
            on_result(r, error_of(sent));
        });
    storing how = options_.how;
    how.id = r.what.id;
    publisher_.store(r.user, *r.what.text, how, [this, &r](store_result const& sent) {
        if (sent) told_.on_stored(r, *sent);
        on_result(r, error_of(sent));
    });
}

void sender::on_result(row const& r, std::optional<publish_error> const& failed)
{
    --on_way_;
    bytes_ -= r.what.text->size();
    if (failed && failed->is_lost) {
        lost_ = failed->why;
        told_.on_lost(r, true, lost_);
    } else if (failed) {
        told_.on_failed(r, *failed);
    }
    if (lost_.empty()) fill();
    if (on_way_ == 0) finished_.cancel();
}

net::awaitable<exit_code> run_send(send_options const& options, report& told)
{
    if (options.dry_run) {
        for (auto const& r : options.rows) told.on_checked(r);
        co_return exit_code::done;
    }
    if (options.rows.empty()) co_return exit_code::done;
    redis::redis_policy policy;
    policy.keep_trying = false;
    policy.client_name = "notify-send";
    redis::redis_client_options limits;
    limits.reply_within = std::chrono::seconds{10};
    redis::redis_client client{co_await net::this_coro::executor, options.redis, policy, limits};
    co_await cli::reach(client);
    sender s{client, options, told};
    co_return co_await s.run();
}

}  // namespace notify
