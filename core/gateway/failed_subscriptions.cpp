// SPDX-License-Identifier: MIT
#include "gateway/failed_subscriptions.hpp"

#include <spdlog/spdlog.h>

namespace notify {

std::string_view name_of(subscription_failure f)
{
    switch (f) {
    case subscription_failure::redis_failed: return "redis_failed";
    case subscription_failure::unknown_uuid: return "unknown_uuid";
    case subscription_failure::cookies_refused: return "cookies_refused";
    case subscription_failure::too_many_connections: return "too_many_connections";
    case subscription_failure::not_confirmed: return "not_confirmed";
    case subscription_failure::refused: return "refused";
    }
    return "unknown";
}

subscription_failure failure_of(internal_code code)
{
    if (code == internal_code::redis_failed) return subscription_failure::redis_failed;
    if (code == internal_code::unknown_uuid) return subscription_failure::unknown_uuid;
    return subscription_failure::cookies_refused;
}

subscription_failure failure_of(subscribe_error e)
{
    switch (e) {
    case subscribe_error::too_many_subscribers: return subscription_failure::too_many_connections;
    case subscribe_error::not_confirmed: break;
    case subscribe_error::refused: return subscription_failure::refused;
    }
    return subscription_failure::not_confirmed;
}

std::string_view sentence_of(subscribe_error e)
{
    switch (e) {
    case subscribe_error::too_many_subscribers: return "too many connections of this user";
    case subscribe_error::not_confirmed: break;
    case subscribe_error::refused:
        return "Redis does not let the gateway subscribe to this channel; an ACL rule such as "
               "&/app/user/* allows it";
    }
    return "Redis did not confirm the subscription in time";
}

// Each one has a line at level debug, for an operator who looks for one client.
void failed_subscriptions::add(subscription_failure f, std::string_view sentence)
{
    spdlog::debug("not subscribed: {}: {}", name_of(f), sentence);
    counts_.add(f);
    newest_[static_cast<std::size_t>(f)] = sentence;
}

}  // namespace notify
