// SPDX-License-Identifier: MIT
#include "http/connection_phase.hpp"

#include <algorithm>

namespace notify {

namespace {

// Guests have a few places together, so one that says nothing keeps others from theirs.
constexpr milliseconds head_timeout_of_guests{1'000};

}  // namespace

bool is_before_request(connection_phase p)
{
    return p == connection_phase::silent || p == connection_phase::resting ||
           p == connection_phase::reading_head;
}

std::optional<milliseconds> time_for(connection_phase p, http_options const& o, bool is_guest)
{
    switch (p) {
    case connection_phase::silent:
    case connection_phase::reading_head:
        return is_guest ? std::min(o.head_timeout, head_timeout_of_guests) : o.head_timeout;
    case connection_phase::resting: return o.idle_timeout;
    case connection_phase::reading_body:
    case connection_phase::writing: return o.body_timeout;
    case connection_phase::serving:
    case connection_phase::waiting:
    case connection_phase::woken: break;
    }
    return std::nullopt;
}

std::optional<http_refusal> reason_when_late(connection_phase p, bool is_guest)
{
    if (is_before_request(p) && is_guest) return http_refusal::too_many_connections;
    switch (p) {
    case connection_phase::reading_head: return http_refusal::head_timeout;
    case connection_phase::reading_body: return http_refusal::body_timeout;
    case connection_phase::writing: return http_refusal::answer_timeout;
    default: return std::nullopt;
    }
}

}  // namespace notify
