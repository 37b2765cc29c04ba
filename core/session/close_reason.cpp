// SPDX-License-Identifier: MIT
#include "session/close_reason.hpp"

namespace notify::eio {

std::string_view name_of(close_reason reason)
{
    switch (reason) {
    case close_reason::client_closed: return "client_closed";
    case close_reason::disconnected: return "disconnected";
    case close_reason::transport_closed: return "transport_closed";
    case close_reason::transport_error: return "transport_error";
    case close_reason::ping_timeout: return "ping_timeout";
    case close_reason::parse_error: return "parse_error";
    case close_reason::too_large: return "too_large";
    case close_reason::overlapping_poll: return "overlapping_poll";
    case close_reason::slow_reader: return "slow_reader";
    case close_reason::no_connect: return "no_connect";
    case close_reason::no_poll: return "no_poll";
    case close_reason::upgrade_timeout: return "upgrade_timeout";
    case close_reason::unsubscribed: return "unsubscribed";
    case close_reason::too_many: return "too_many";
    case close_reason::no_user: return "no_user";
    case close_reason::internal_error: return "internal_error";
    case close_reason::shutdown: return "shutdown";
    }
    // Only a value that is not in the enumeration gets here; the compiler warns about a missing
    // case.
    return "unknown";
}

bool is_usual(close_reason reason)
{
    switch (reason) {
    case close_reason::client_closed:
    case close_reason::disconnected:
    case close_reason::transport_closed:
    case close_reason::ping_timeout:
    case close_reason::shutdown: return true;
    default: return false;
    }
}

}  // namespace notify::eio
