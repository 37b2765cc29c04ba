// SPDX-License-Identifier: MIT
//
// What is known of a number that a program shows of itself, apart from its value: name, kind,
// label. gateway/gateway_metric lists the gateway's; /healthz and the log read the list, and so
// know no names of their own.
//
// A metric is a constant, and all its text has static storage. Any thread may read it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace notify {

struct metric {
    enum class kind : std::uint8_t {
        state,    // 1 is up, 0 is down; nothing else, since joined() treats the value as a bit
        gauge,    // how many there are now
        peak,     // a gauge of which the highest counts, such as that of the slowest shard
        counter,  // how many there have been since the start; never falls
    };

    std::string_view name;  // a word in snake_case; a key for programs
    kind is;
    std::string_view what;  // for people; a number may stand before it: "sessions ended"

    // A metric with a label has one value for each of so many label values.
    std::size_t values = 1;
    std::string_view label = {};                             // its name; empty if there is none
    std::string_view (*label_value)(std::size_t) = nullptr;  // by index; null if there is no label
};

// Returns a counter with the label "reason", such as {"unknown_uuid":2,"cookies_refused":1} in
// /healthz. REQUIRES: Reason is an enumeration with a name_of() for each of its values, which are
// those from 0 to count - 1.
template <class Reason>
constexpr metric counter_by_reason(std::string_view name, std::string_view what, std::size_t count)
{
    return {name,     metric::kind::counter,
            what,     count,
            "reason", [](std::size_t i) { return name_of(static_cast<Reason>(i)); }};
}

// Returns the value of two parts together, such as shards, from the value of each: a state is up
// when both are up, the higher peak counts, and other numbers are added.
[[nodiscard]] constexpr std::uint64_t joined(metric::kind is, std::uint64_t one,
                                             std::uint64_t other)
{
    switch (is) {
    case metric::kind::state: return one & other;
    case metric::kind::peak: return one > other ? one : other;
    case metric::kind::gauge:
    case metric::kind::counter: break;
    }
    return one + other;
}

}  // namespace notify
