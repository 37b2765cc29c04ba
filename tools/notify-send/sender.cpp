// SPDX-License-Identifier: MIT
#include "sender.hpp"

#include "cli/redis_settings.hpp"

#include <chrono>

namespace notify {

namespace {

using cli::exit_code;

constexpr std::size_t max_on_way = 2000;
constexpr std::size_t max_bytes = 8u << 20;

}  // namespace

sender::sender(redis::redis_client& redis, std::vector<row> const& rows, report& told)
    : publisher_{redis}, rows_{rows}, told_{told}, finished_{redis.get_executor()}
{
}

net::awaitable<exit_code> sender::run()
{
    finished_.expires_at(std::chrono::steady_clock::time_point::max());
    fill();
    if (on_way_ > 0) co_await finished_.async_wait(as_result);
    if (lost_.empty()) co_return exit_code::done;
    for (; next_ < rows_.size(); ++next_) told_.on_lost(rows_[next_], false, lost_);
    co_return exit_code::unreachable;
}

bool sender::room() const { return on_way_ == 0 || (on_way_ < max_on_way && bytes_ < max_bytes); }

void sender::fill()
{
    while (next_ < rows_.size() && room()) {
        auto const& r = rows_[next_++];
        ++on_way_;
        bytes_ += r.message->size();
        told_.on_given();
        publisher_.send(r.user, *r.message,
                        [this, &r](publish_result const& sent) { on_result(r, sent); });
    }
}

void sender::on_result(row const& r, publish_result const& sent)
{
    --on_way_;
    bytes_ -= r.message->size();
    if (sent) {
        told_.on_sent(r, *sent);
    } else if (sent.error().is_lost) {
        lost_ = sent.error().why;
        told_.on_lost(r, true, lost_);
    } else {
        told_.on_failed(r, sent.error().why);
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
    sender s{client, options.rows, told};
    co_return co_await s.run();
}

}  // namespace notify
