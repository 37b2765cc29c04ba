// SPDX-License-Identifier: MIT
#include "gateway/shard.hpp"

#include "contract/identity_claim.hpp"
#include "gateway/notification_streams.hpp"
#include "http/bundle.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <utility>

namespace notify {

namespace {

// what: shown by CLIENT LIST, so that an operator sees which connection is which.
redis::redis_policy policy(char const* what, std::size_t shard, bool subscriber,
                           std::size_t max_message)
{
    redis::redis_policy p;
    p.subscriber = subscriber;
    p.max_message = max_message;
    p.client_name = fmt::format("notify-gateway-{}-{}", what, shard);
    // A gateway, which has clients waiting, is back within a second of Redis' return.
    p.pause_most = std::chrono::milliseconds{1'000};
    return p;
}

sio::unix_seconds unix_now()
{
    using namespace std::chrono;
    return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

// Returns " 7.0.15", or "" if Redis does not say.
std::string described(redis::server_facts const& server)
{
    return server.version.empty() ? "" : " " + server.version;
}

}  // namespace

// The members are made in the order in which they refer to each other. Handlers are set here,
// before run(), so none is called before all parts are there.
shard::shard(gateway_settings const& settings, capacity& limits, std::size_t number,
             tcp::endpoint const& at)
    : settings_{settings},
      number_{number},
      web_{settings.engine, settings.http, limits, at, number, settings.threads},
      redis_{web_.loop().get_executor(), settings.redis,
             policy("commands", number, false, settings.hub.max_message)},
      broker_{
          web_.loop().get_executor(), settings.redis,
          policy("messages", number, true, settings.hub.max_message + hub_options::entry_overhead)},
      canary_{redis_, broker_, number},
      log_{redis_, settings.hub.max_message + hub_options::entry_overhead},
      hub_{broker_, web_.clock(), settings.hub, &log_},
      identity_{web_.loop(),          redis_,
                settings.uuid_prefix, settings.hub.confirm_timeout,
                settings.web_app,     settings.web_app_limits},
      key_{redis_, settings.recovery.key},
      new_{settings.show_subscriptions, settings.redis_flag()},
      notifications_{hub_,
                     identity_,
                     failed_,
                     new_,
                     settings.user_timeout,
                     recovery_terms{key_, settings.recovery.window, unix_now}}
{
    namespaces_.offer(std::string{notifications_namespace}, notifications_);
    if (settings.session)
        namespaces_.offer("/", session_follower_.emplace(hub_, failed_, *settings.session));
    route();
    // Both connections lead to the same address. What one has met (a master that is a replica now)
    // the other may never hear of, if it is idle or Redis does not tell subscribers. So it is
    // dropped too, and both resolve the address again.
    redis_.on_wrong_server([this](std::string_view why) { broker_.drop(std::string{why}); });
    broker_.on_wrong_server([this](std::string_view why) { redis_.drop(std::string{why}); });
    redis_.on_state([this](bool up, std::string_view) { on_commands(up); });
    broker_.on_state([this](bool up, std::string_view reason) { on_redis(up, reason); });
    // Flush after each read, not at the end of the loop's turn: a message that arrives meanwhile
    // joins the next write, and a late one does not cause a fan-out of its own.
    broker_.on_read([this] { web_.sessions().flushes.flush(); });
    web_.set_duties({
        .tick = [this] { report(); },
        .drained = [this] { drained_(); },
        // Questions that wait are refused while their clients can still be told. The connections to
        // Redis end when all clients have gone.
        .stopping = [this] { identity_.stop(); },
        .stopped =
            [this] {
                redis_.stop();
                broker_.stop();
            },
    });
}

shard::~shard() = default;

// The scripts lie under the same path as Engine.IO, where Socket.IO's own server has them, so that
// one location in Nginx is enough.
void shard::route()
{
    auto const scripts = std::make_shared<bundle_service>(settings_.browser_bundle);
    web_.routes().add("/socket.io/socket.io*", scripts);
    web_.routes().add("/socket.io/notify-client.js", scripts);
    web_.serve("/socket.io/", namespaces_, settings_.origins);
    web_.routes().add(fmt::format("{}/events", notifications_namespace),
                      std::make_shared<notification_streams>(
                          web_.http(), settings_.origins, hub_, identity_, failed_, new_,
                          stream_tokens{[this] { return key_.get(); }, settings_.recovery.window},
                          notification_streams::options{settings_.engine.max_queue,
                                                        settings_.engine.ping_interval}));
}

// Only the connection for messages speaks to the log: both mostly come and go together. While Redis
// stays away there is a try every second, so a line is written only when the reason changes.
void shard::on_redis(bool up, std::string_view reason)
{
    canary_.on_messages(up);
    bool const was_up = std::exchange(subscribed_, up);
    if (up)
        spdlog::info("shard {}: connected to Redis{}, {} channels to subscribe to", number_,
                     described(broker_.server()), hub_.size());
    else if (was_up)
        spdlog::warn("shard {}: lost Redis: {}; clients stay connected, trying again", number_,
                     reason);
    else if (reason != redis_trouble_)
        spdlog::warn("shard {}: {}; trying again", number_, reason);
    redis_trouble_ = reason;
    if (up)
        match_servers(false);
    else if (was_up)
        on_loss(false);
}

// Each new connection may lead to another version of Redis, or to other permissions, so the way to
// take uuidCookies is found out anew.
void shard::on_commands(bool up)
{
    canary_.on_commands(up);
    bool const was_up = std::exchange(commanded_, up);
    if (!up && was_up) on_loss(true);
    if (!up) return;
    match_servers(true);
    if (settings_.recovery.window.count() > 0)
        key_.agree([this](std::string_view why) { on_own_key(why); });
    if (number_ == 0)  // one for all
        redis::provide_functions(
            redis_, [this](redis::function_library_state const& s) { on_functions(s); });
    identity_.find_way([this](uuid_cookies::way way, std::string_view why) { on_way(way, why); });
}

// If the two connections are with different servers (run_id tells), the address leads to another
// one now, and the connection that did not come up just now has to follow: its old server may be
// cut off and not know it. This happens once for each time that a connection comes up by itself; an
// address may lead to several servers on purpose, and then the two must not chase each other for
// ever.
void shard::match_servers(bool commands)
{
    if (!redis_.up() || !broker_.up()) return;
    auto const& one = redis_.server().run_id;
    auto const& other = broker_.server().run_id;
    knows_servers_ = !one.empty() && !other.empty();
    bool const differ = knows_servers_ && one != other;
    bool const has_followed = std::exchange(matching_, false);
    if (!differ || has_followed) return log_.lead_to_subscriptions(true);
    matching_ = true;
    std::string const why = "the address of Redis leads to another server now";
    commands ? broker_.drop(why) : redis_.drop(why);
}

// The one that is left may be with another server than the one that will be found. If they do not
// tell who they are, nobody would notice, so it has to go, too.
void shard::on_loss(bool commands)
{
    log_.lead_to_subscriptions(false);
    if (knows_servers_) return;
    std::string const why = "the other connection to Redis was lost";
    commands ? broker_.drop(why) : redis_.drop(why);
}

// Said when it changes, not on each connection.
void shard::on_way(uuid_cookies::way way, std::string_view why)
{
    if (std::exchange(way_, way) == way) return;
    switch (way) {
    case uuid_cookies::way::getdel:
        return spdlog::info("shard {}: Redis has GETDEL again, for uuidCookies", number_);
    case uuid_cookies::way::script:
        return spdlog::info("shard {}: Redis has no GETDEL, or not for us; a script takes "
                            "uuidCookies in its place (6.2 and later have it)",
                            number_);
    case uuid_cookies::way::neither:
        return spdlog::warn("shard {}: uuidCookies cannot be used: Redis has neither GETDEL nor "
                            "EVAL for us, or not for keys like {}*: {}; allow one of them, such as "
                            "by ACL SETUSER … +getdel ~{}*",
                            number_, settings_.uuid_prefix, why, settings_.uuid_prefix);
    }
}

void shard::on_own_key(std::string_view why)
{
    spdlog::warn("shard {}: clients that lose their connection are known again by this process "
                 "only, since Redis does not keep the key for it: {}; allow it, such as by ACL "
                 "SETUSER … ~{} +set +get, or use --secret-file",
                 number_, why, shared_key::name);
}

// Said when it changes, not on each connection.
void shard::on_functions(redis::function_library_state const& s)
{
    using kind = redis::function_library_state::kind;
    if (s.what == kind::unknown || std::exchange(functions_, s.what) == s.what) return;
    if (s.what == kind::loaded)
        spdlog::info("shard {}: Redis has the functions notify_send, notify_read and notify_mark "
                     "now: publishers may call them by FCALL",
                     number_);
    if (s.what == kind::unavailable)
        spdlog::warn("shard {}: publishers cannot call FCALL notify_send, since Redis did not take "
                     "the function library notify: {}; notify-send works all the same",
                     number_, s.why);
}

// Serves at once, not when Redis is reached: clients can connect meanwhile, and their questions
// wait for it (--subscribe-timeout).
void shard::run()
{
    redis_.start();
    broker_.start();
    web_.run();
}

// A tick is 20 ms; only what is cheap is done each time. Redis counts as up if it serves, not if it
// is only connected to (redis_client::serves).
void shard::report()
{
    canary_.tend();
    status_.set(canary_.bird().state());
    status_.set(gateway_metric::round_trip,
                static_cast<std::uint64_t>(canary_.bird().round_trip().count()));
    status_.set(gateway_metric::connections, web_.http().open);
    status_.set(gateway_metric::sessions,
                web_.sessions().sessions.size() + web_.http().stream_count);
    status_.set(gateway_metric::channels, hub_.size());
    status_.set(gateway_metric::redis, redis_.serves() && broker_.up());
    if (web_.clock().now() < next_log_) return;
    next_log_ = web_.clock().after(milliseconds{1'000});
    log_counts();
}

// Adds n to a counter, and says so in the log.
template <class Reason>
// The words come from the list of metrics, so that the log and /healthz use the same ones.
void shard::count(gateway_metric m, Reason reason, std::uint64_t n, spdlog::level::level_enum level,
                  std::string_view detail)
{
    auto const i = static_cast<std::size_t>(reason);
    status_.add(m, i, n);
    metric const& counter = description_of(m);
    spdlog::log(level, "shard {}: {} {}: {}{}", number_, n, counter.what, counter.label_value(i),
                detail);
}

// One line a second at most for each kind, whatever strangers do: counters are increments, and the
// log cannot be made to grow by requests.
void shard::log_counts()
{
    log_closed();
    if (std::uint64_t const n = new_.take_untold(); n > 0)
        spdlog::info("shard {}: {} new subscriptions", number_, n);
    auto const undelivered = hub_.take_undelivered();
    if (undelivered.too_large > 0)
        count(gateway_metric::not_delivered, why_not_delivered::message_too_large,
              undelivered.too_large, spdlog::level::warn,
              fmt::format(": more than --max-message {}; the newest has {} bytes",
                          hub_.options().max_message, undelivered.newest_bytes));
    if (undelivered.malformed > 0)
        count(gateway_metric::not_delivered, why_not_delivered::malformed_entry,
              undelivered.malformed, spdlog::level::warn,
              ": a message that begins with U+001E has to be an entry as notify_send writes it");
    if (auto const failed = log_.take_failures(); failed.count > 0)
        spdlog::warn("shard {}: {} reads of stored notifications failed: {}", number_, failed.count,
                     failed.newest);
    failed_.take_new([this](subscription_failure why, std::uint64_t n, std::string_view sentence) {
        count(gateway_metric::not_subscribed, why, n, spdlog::level::info,
              fmt::format(": {}", sentence));
    });
    web_.http().refused.take_new([this](http_refusal why, std::uint64_t n) {
        auto const& newest = web_.http().newest_bad_origin;
        bool const is_known = why == http_refusal::bad_origin && !newest.empty();
        count(gateway_metric::refused, why, n, spdlog::level::info,
              is_known ? "; the newest: " + newest : "");
    });
}

void shard::log_closed()
{
    using eio::close_reason;
    web_.sessions().closed.take_new([this](close_reason reason, std::uint64_t n) {
        count(gateway_metric::closed, reason, n,
              is_usual(reason) ? spdlog::level::debug : spdlog::level::info);
        if (reason == close_reason::internal_error)
            spdlog::error("shard {}: the newest of these: {}", number_,
                          web_.sessions().newest_error);
    });
}

}  // namespace notify
