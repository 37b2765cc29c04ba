// SPDX-License-Identifier: MIT
#include "gateway/gateway.hpp"

#include "base/unused_memory.hpp"
#include "gateway/dev_page.hpp"
#include "gateway/health.hpp"
#include "gateway/port_check.hpp"
#include "http/function_service.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdlib>
#include <future>
#include <thread>

namespace notify {

// The first shard binds the port; the others bind the same one (SO_REUSEPORT). All are bound before
// run(), so that a port that cannot be had is an error at the start, before a thread runs.
gateway::gateway(gateway_settings settings, log_queue const& log)
    : settings_{std::move(settings)}, log_{log}, capacity_{settings_.capacity}
{
    check_port(settings_.listen_at, settings_.share_port);
    if (settings_.dev) dev_redis_.start_if_missing(settings_.redis);
    tcp::endpoint at = settings_.listen_at;
    // Handlers within a shard refer to it, so shards must not move: hence the pointers.
    for (std::size_t i = 0; i < settings_.threads; ++i) {
        shards_.push_back(std::make_unique<shard>(settings_, capacity_, i, at));
        at.port(shards_.front()->port());  // if it was 0, the kernel chose one for all
    }
    connect_shards();
}

gateway::~gateway() = default;

// A request that names a session of another shard moves there with its connection. The function is
// called on one shard's thread; adopt() posts to the other's loop. shards_ does not change once
// threads run.
void gateway::connect_shards()
{
    for (auto const& s : shards_) {
        s->hand_over_with(
            [this](std::size_t to, arrival from) { shards_[to]->adopt(std::move(from)); });
        s->on_drained([this] {
            net::post(signals_.loop(), [this] {
                if (++drained_ == shards_.size()) signals_.give_up();
            });
        });
        add_routes(*s);
    }
}

void gateway::add_routes(shard& s)
{
    // The status is always 200 as long as the process serves. If it said 503 while Redis is away,
    // an orchestrator would restart the gateway and cut clients that are better kept: they are
    // subscribed again when Redis is back.
    s.routes().add("/healthz", std::make_shared<function_service>([this](http_connection const& c) {
                       return c.answer(http_status::ok, "application/json", health_of(values()));
                   }));
    s.routes().add("/readyz", std::make_shared<function_service>(
                                  [this](http_connection const& c) { return answer_ready(c); }));
    if (settings_.dev) add_dev_page(s.routes(), s.redis(), settings_);
}

http_response gateway::answer_ready(http_connection const& c) const
{
    auto const refusal = [&c](readiness why, std::string_view channel) {
        return c.answer(http_status::service_unavailable, "application/json",
                        json_of(why, channel));
    };
    if (draining_) return refusal(readiness::draining, {});
    for (auto const& s : shards_)
        if (readiness const r = s->status().ready(); r != readiness::ready)
            return refusal(r, s->canary_channel());
    return c.answer(http_status::ok, "application/json", json_of(readiness::ready, {}));
}

// The lines of the log are the one count that belongs to the process and to no shard.
metric_values gateway::values() const
{
    metric_values all = shards_.front()->status().values();
    for (std::size_t i = 1; i < shards_.size(); ++i) all.join(shards_[i]->status().values());
    all.cells[cell_of(gateway_metric::log_lines_lost)] = log_.lost();
    return all;
}

// What the main thread does once a second while the shards serve.
void gateway::watch(net::steady_timer& timer)
{
    watch_log();
    // Not each second: it costs the threads some milliseconds when there is something to give.
    if (++seconds_ % 5 == 0) give_unused_memory_back();
    timer.expires_after(std::chrono::seconds{1});
    timer.async_wait([this, &timer](error_code ec) {
        if (!ec) watch(timer);
    });
}

// Says how many lines of the log were lost since that was last said. The warning itself may be lost
// too, so a single further line is no news: otherwise a full disk would be reported once a second
// for ever.
void gateway::watch_log()
{
    std::uint64_t const lost = log_.lost();
    if (lost <= lines_lost_ + 1) return;
    spdlog::warn("{} lines of the log were lost: who reads it is too slow or gone, or its disk is "
                 "full",
                 lost - lines_lost_);
    lines_lost_ = lost;
}

// Each shard has a thread of its own; the main thread waits for the signal and looks after the
// process.
void gateway::run()
{
    std::vector<std::thread> threads;
    for (auto const& s : shards_) threads.emplace_back([&s] { s->run(); });

    net::steady_timer seconds{signals_.loop()};
    watch(seconds);
    auto why = signals_.wait();
    if (why == end_signal::terminate && settings_.drain.count() > 0) why = hand_over();
    seconds.cancel();
    if (why != end_signal::none)
        spdlog::info("{}: closing {} connections", name_of(why),
                     values().of(gateway_metric::connections));
    // All are told before the first is waited for, so they close at the same time.
    for (auto const& s : shards_) s->stop();
    for (std::thread& t : threads) t.join();
    spdlog::info("stopped");
}

end_signal gateway::hand_over()
{
    spdlog::info(
        "SIGTERM: closing {} sessions one after the other within {:.3g} s; a second signal "
        "closes all at once",
        values().of(gateway_metric::sessions),
        std::chrono::duration<double>{settings_.drain}.count());
    draining_ = true;
    for (auto const& s : shards_) s->drain(settings_.drain);
    return signals_.wait();
}

}  // namespace notify
