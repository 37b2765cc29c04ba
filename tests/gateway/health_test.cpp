// SPDX-License-Identifier: MIT
//
// /healthz as plain values, and how the shards' metrics become those of the gateway.
#include "gateway/health.hpp"

#include "gateway/shard_status.hpp"
#include "support/catch.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

using namespace notify;

namespace {

metric_values of_a_shard(bool redis_up, std::uint64_t sessions)
{
    shard_status status;
    status.set(gateway_metric::redis, redis_up);
    status.set(gateway_metric::connections, sessions + 1);
    status.set(gateway_metric::sessions, sessions);
    status.set(gateway_metric::channels, 7);
    status.set(gateway_metric::round_trip, 100 * sessions);
    return status.values();
}

template <class Reason>
void count_in(shard_status& status, gateway_metric m, Reason reason, std::uint64_t n)
{
    status.add(m, static_cast<std::size_t>(reason), n);
}

}  // namespace

TEST_CASE("health is state and counts, with nothing that has not happened", "[gateway][unit]")
{
    CHECK(
        health_of(of_a_shard(true, 4)) ==
        R"({"status":"ok","redis":"up","connections":5,"sessions":4,"channels":7,)"
        R"("round_trip_us":400,"log_lines_lost":0,"not_delivered":{},"not_subscribed":{},"closed":{},"refused":{}})"
        "\n");
}

TEST_CASE("health counts by the names of the reasons, in their order", "[gateway][unit]")
{
    shard_status status;
    status.set(gateway_metric::redis, 1);
    count_in(status, gateway_metric::refused, http_refusal::unsupported_protocol, 9);
    count_in(status, gateway_metric::closed, eio::close_reason::shutdown, 8);
    count_in(status, gateway_metric::closed, eio::close_reason::client_closed, 3);
    count_in(status, gateway_metric::closed, eio::close_reason::client_closed, 4);
    count_in(status, gateway_metric::not_subscribed, subscription_failure::refused, 6);
    count_in(status, gateway_metric::not_delivered, why_not_delivered::message_too_large, 5);
    CHECK(health_of(status.values()) ==
          R"({"status":"ok","redis":"up","connections":0,"sessions":0,"channels":0,)"
          R"("round_trip_us":0,"log_lines_lost":0,"not_delivered":{"message_too_large":5},)"
          R"("not_subscribed":{"refused":6},"closed":{"client_closed":7,"shutdown":8},)"
          R"("refused":{"unsupported_protocol":9}})"
          "\n");
}

TEST_CASE("one shard without Redis degrades all, and the others' counts are added",
          "[gateway][unit]")
{
    metric_values all = of_a_shard(true, 4);
    all.join(of_a_shard(false, 2));
    all.join(of_a_shard(true, 1));
    all.cells[cell_of(gateway_metric::log_lines_lost)] = 11;
    CHECK(all.of(gateway_metric::sessions) == 7);
    CHECK(
        health_of(all) ==
        R"({"status":"degraded","redis":"down","connections":10,"sessions":7,"channels":21,)"
        R"("round_trip_us":400,"log_lines_lost":11,"not_delivered":{},"not_subscribed":{},"closed":{},)"
        R"("refused":{}})"
        "\n");
}

TEST_CASE("each metric has a name of its own, and each value of its label too", "[gateway][unit]")
{
    std::set<std::string_view> names;
    for (metric const& m : gateway_metrics) {
        INFO(m.name);
        CHECK(names.insert(m.name).second);
        CHECK(m.label.empty() == (m.label_value == nullptr));
        std::set<std::string_view> values;
        for (std::size_t i = 0; m.label_value && i < m.values; ++i)
            CHECK(values.insert(m.label_value(i)).second);
    }
}

TEST_CASE("a metric's description is the one of its name", "[gateway][unit]")
{
    CHECK(description_of(gateway_metric::redis).is == metric::kind::state);
    CHECK(description_of(gateway_metric::channels).name == "channels");
    CHECK(description_of(gateway_metric::log_lines_lost).name == "log_lines_lost");
    CHECK(description_of(gateway_metric::refused).what == "requests refused");
    CHECK(cell_of(gateway_metric::refused, http_refusal_count) == cell_count);
}
