// SPDX-License-Identifier: MIT
#include "gateway/shard.hpp"

#include "http/bundle.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <utility>

namespace notify {

namespace {

redis::redis_policy policy(char const* what, std::size_t shard, bool subscriber)
{
    redis::redis_policy p;
    p.subscriber = subscriber;
    p.client_name = fmt::format("notify-gateway-{}-{}", what, shard);
    p.pause_most = std::chrono::milliseconds{1'000};  // back within a second of Redis' return
    return p;
}

}  // namespace

shard::shard(gateway_settings const& settings, std::size_t number, tcp::endpoint const& at)
    : settings_{settings},
      number_{number},
      web_{settings.engine, settings.http, at, number, settings.threads},
      redis_{web_.loop().get_executor(), settings.redis, policy("commands", number, false)},
      broker_{web_.loop().get_executor(), settings.redis, policy("messages", number, true)},
      hub_{broker_, web_.sessions().wheel, web_.sessions().now, settings.hub},
      identity_{web_.loop(), redis_, settings.uuid_prefix, settings.web_app,
                settings.web_app_limits},
      notifications_{hub_, identity_, failed_, settings.redis_flag(), settings.user_timeout}
{
    server_.offer(std::string{notifications::ns_name}, notifications_);
    if (settings.session) server_.offer("/", inbox_.emplace(hub_, failed_, *settings.session));
    route();
    broker_.on_state([this](bool up, std::string_view reason) { on_redis(up, reason); });
    // Not with the turn's end: what has come meanwhile goes with the next write, and
    // a fan-out to thousands is not begun for the one message that came too late.
    broker_.on_read([this] { web_.sessions().flushes.flush(); });
    web_.set_duties({
        .tick = [this] { report(); },
        .stopping = [this] { identity_.stop(); },
        .stopped =
            [this] {
                redis_.stop();
                broker_.stop();
            },
    });
}

shard::~shard() = default;

void shard::route()
{
    auto const scripts = std::make_shared<bundle_service>(settings_.browser_bundle);
    web_.routes().add("/socket.io/socket.io*", scripts);
    web_.routes().add("/socket.io/notify-client.js", scripts);
    web_.serve("/socket.io/", server_, settings_.origins);
}

// Both connections come and go together; the subscribed one speaks to the log.
// While Redis stays away it speaks again only when it has another reason to.
void shard::on_redis(bool up, std::string_view reason)
{
    bool const was_up = std::exchange(subscribed_, up);
    if (up)
        spdlog::info("shard {}: connected to Redis, {} channels to subscribe to", number_,
                     hub_.size());
    else if (was_up)
        spdlog::warn("shard {}: lost Redis: {}; clients stay connected, trying again", number_,
                     reason);
    else if (reason != redis_trouble_)
        spdlog::warn("shard {}: {}; trying again", number_, reason);
    redis_trouble_ = reason;
}

void shard::run()
{
    redis_.start();
    broker_.start();
    web_.run();
}

void shard::report()
{
    status_.connections = web_.http().open;
    status_.sessions = web_.sessions().sessions.size();
    status_.channels = hub_.size();
    status_.redis_up = redis_.up() && broker_.up();
    if (web_.sessions().now < next_log_) return;
    next_log_ = web_.sessions().now + 1'000;
    log_counts();
}

// Once a second at most, whatever strangers do.
void shard::log_counts()
{
    using eio::close_reason;
    web_.sessions().closed.take_new([this](close_reason reason, std::uint64_t n) {
        status_.closed[static_cast<std::size_t>(reason)] += n;
        spdlog::log(is_usual(reason) ? spdlog::level::debug : spdlog::level::info,
                    "shard {}: {} sessions ended: {}", number_, n, name_of(reason));
        if (reason == close_reason::internal_error)
            spdlog::error("shard {}: the newest of these: {}", number_,
                          web_.sessions().newest_error);
    });
    failed_.take_new([this](subscription_failure why, std::uint64_t n, std::string_view sentence) {
        status_.not_subscribed[static_cast<std::size_t>(why)] += n;
        spdlog::info("shard {}: {} not subscribed: {}: {}", number_, n, name_of(why), sentence);
    });
    web_.http().refused.take_new([this](http_refusal why, std::uint64_t n) {
        status_.refused[static_cast<std::size_t>(why)] += n;
        auto const& newest = web_.http().newest_bad_origin;
        bool const is_known = why == http_refusal::bad_origin && !newest.empty();
        spdlog::info("shard {}: {} requests refused: {}{}{}", number_, n, name_of(why),
                     is_known ? "; the newest: " : "", is_known ? newest : "");
    });
}

}  // namespace notify
