// SPDX-License-Identifier: MIT
//
// The numbers that the gateway shows of itself, in one list: name, kind, label.
//
// /healthz (docs/protocol.md, HTTP) shows all of them, the log those with a label. Neither knows a
// name or an order of its own, so that a further metric is one line here, and a further reader, say
// for Prometheus, needs no list.
//
// The list and its layout are constants, which any thread may read. The values are in shard_status
// and metric_values.
#pragma once

#include "base/metric.hpp"
#include "gateway/failed_subscriptions.hpp"
#include "http/http_refusal.hpp"
#include "session/close_reason.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace notify {

// In the order of gateway_metrics, which is that of /healthz.
enum class gateway_metric : std::uint8_t {
    redis,  // up: both connections are, and commands are answered
    connections,
    sessions,
    channels,        // wanted or lingering (hub::size)
    round_trip,      // of the newest canary, in microseconds
    log_lines_lost,  // of the process; no shard counts them
    not_delivered,   // by why_not_delivered
    not_subscribed,  // by subscription_failure
    closed,          // by eio::close_reason
    refused,         // by http_refusal
};

// Why a message was not delivered.
enum class why_not_delivered : std::uint8_t { message_too_large, malformed_entry };

[[nodiscard]] constexpr std::string_view name_of(why_not_delivered why)
{
    return why == why_not_delivered::message_too_large ? "message_too_large" : "malformed_entry";
}

// Names are those of /healthz, and cannot change; the words behind them are for the log.
inline constexpr std::array<metric, 10> gateway_metrics{{
    {"redis", metric::kind::state, "connected to Redis"},
    {"connections", metric::kind::gauge, "open connections"},
    {"sessions", metric::kind::gauge, "open sessions"},
    {"channels", metric::kind::gauge, "channels in Redis"},
    {"round_trip_us", metric::kind::peak, "microseconds from PUBLISH to message"},
    {"log_lines_lost", metric::kind::counter, "lines of the log lost"},
    counter_by_reason<why_not_delivered>("not_delivered", "not delivered", 2),
    counter_by_reason<subscription_failure>("not_subscribed", "not subscribed",
                                            subscription_failure_count),
    counter_by_reason<eio::close_reason>("closed", "sessions ended", eio::close_reason_count),
    counter_by_reason<http_refusal>("refused", "requests refused", http_refusal_count),
}};

[[nodiscard]] constexpr metric const& description_of(gateway_metric m)
{
    return gateway_metrics[static_cast<std::size_t>(m)];
}

// The values of all metrics stand in a row of cells, those of one metric side by side.
// Returns the cell of m; i: the index of the label's value, 0 for a metric without a label.
[[nodiscard]] constexpr std::size_t cell_of(gateway_metric m, std::size_t i = 0)
{
    std::size_t cell = i;
    for (std::size_t before = 0; before < static_cast<std::size_t>(m); ++before)
        cell += gateway_metrics[before].values;
    return cell;
}

inline constexpr std::size_t cell_count =
    cell_of(static_cast<gateway_metric>(gateway_metrics.size()));

}  // namespace notify
