// SPDX-License-Identifier: MIT
#include "gateway/shard.hpp"

#include "http/engine_endpoint.hpp"
#include "http/http_connection.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace notify {

namespace {

// Sessions and connections have this long to end by themselves.
constexpr time_ms patience = 3'000;

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
      sessions_{settings.engine,
                [this] { net::post(loop_, [this] { sessions_.flushes.flush(); }); }},
      http_{loop_, settings.http, sessions_},
      redis_{loop_.get_executor(), settings.redis, policy("commands", number, false)},
      broker_{loop_.get_executor(), settings.redis, policy("messages", number, true)},
      hub_{broker_, sessions_.wheel, sessions_.now, settings.hub},
      identity_{loop_, redis_, settings.uuid_prefix, settings.web_app, settings.web_app_limits},
      notifications_{hub_, identity_, settings.redis_flag()},
      listener_{http_, router_, at},
      ticks_{loop_}
{
    http_.shard = number;
    http_.shard_count = settings.threads;
    server_.offer(std::string{notifications::ns_name}, notifications_);
    if (settings.session) server_.offer("/", inbox_.emplace(hub_, *settings.session));
    route();
    watch_redis();
}

shard::~shard() = default;

void shard::route()
{
    auto const files = std::make_shared<bundle_service>(settings_.browser_bundle);
    router_.add("/socket.io/socket.io*", files);
    auto const engine = std::make_shared<engine_endpoint>(http_, server_, settings_.origins);
    router_.add("/socket.io/", engine);
    router_.add("/socket.io", engine);
}

void shard::watch_redis()
{
    broker_.on_state([this](bool up, std::string_view reason) { on_redis(up, reason); });
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
    listener_.start();
    tick();
    loop_.run();
}

void shard::tick()
{
    auto const since = std::chrono::duration_cast<milliseconds>(clock::now() - began_);
    sessions_.now = static_cast<time_ms>(since.count());
    sessions_.wheel.sweep(sessions_.now);
    status_.connections = http_.open;
    status_.sessions = sessions_.sessions.size();
    status_.channels = hub_.size();
    status_.redis_up = redis_.up() && broker_.up();
    if (http_.stopping) continue_stop();
    if (!work_.owns_work()) return;
    ticks_.expires_after(sessions_.wheel.tick());
    ticks_.async_wait([this](error_code ec) {
        if (!ec) tick();
    });
}

void shard::adopt(arrival from)
{
    // Posted functions must be copyable; an arrival has one owner.
    auto const owned = std::make_shared<arrival>(std::move(from));
    net::post(loop_, [this, owned] {
        if (!http_.stopping) http_connection::begin(http_, router_, std::move(*owned));
    });
}

void shard::stop()
{
    net::post(loop_, [this] { begin_stop(); });
}

void shard::begin_stop()
{
    if (http_.stopping) return;
    http_.stopping = true;
    stop_deadline_ = sessions_.now + patience;
    listener_.stop();
    for (auto const& s : sessions_.sessions.all()) s->close(eio::close_reason::shutdown);
    for (listed_connection& c : http_.connections)
        static_cast<http_connection&>(c).stop_if_resting();
    identity_.stop();
}

void shard::continue_stop()
{
    bool const done = http_.open == 0 && http_.lingering.empty();
    if (!done && sessions_.now < stop_deadline_) return;
    for (listed_connection& c : http_.connections) static_cast<http_connection&>(c).cancel();
    finish_stop();
}

void shard::finish_stop()
{
    http_.lingering.clear_and_dispose([](lingering* l) { delete l; });
    http_.wires.stop();
    redis_.stop();
    broker_.stop();
    work_.reset();
}

}  // namespace notify
