// SPDX-License-Identifier: MIT
#include "gateway/health.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>

namespace notify {

namespace {

// Returns {"name":n,…} of the counts that are not zero. Names are identifiers, so nothing needs
// escaping.
std::string by_label(metric const& m, std::uint64_t const* values)
{
    std::string text;
    for (std::size_t i = 0; i < m.values; ++i)
        if (values[i] > 0)
            text +=
                fmt::format(R"({}"{}":{})", text.empty() ? "" : ",", m.label_value(i), values[i]);
    return "{" + text + "}";
}

std::string json_of(metric const& m, std::uint64_t const* values)
{
    if (!m.label.empty()) return by_label(m, values);
    if (m.is == metric::kind::state) return *values > 0 ? R"("up")" : R"("down")";
    return fmt::to_string(*values);
}

}  // namespace

// Walks the list and the cells side by side: a metric's cells follow those of the one before it.
std::string health_of(metric_values const& now)
{
    bool all_up = true;
    std::string fields;
    auto const* values = now.cells.data();
    for (metric const& m : gateway_metrics) {
        if (m.is == metric::kind::state && *values == 0) all_up = false;
        fields += fmt::format(R"(,"{}":{})", m.name, json_of(m, values));
        values += m.values;
    }
    return fmt::format("{{\"status\":\"{}\"{}}}\n", all_up ? "ok" : "degraded", fields);
}

}  // namespace notify
