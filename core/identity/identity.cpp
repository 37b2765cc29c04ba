// SPDX-License-Identifier: MIT
#include "identity/identity.hpp"

#include <utility>

namespace notify {

identity::identity(net::io_context& loop, redis::redis_client& redis, std::string uuid_prefix,
                   std::chrono::milliseconds redis_patience, std::optional<http_url> web_app_url,
                   http_client_options const& limits)
    : uuids_{redis, std::move(uuid_prefix), redis_patience}
{
    if (web_app_url) web_app_.emplace(loop, std::move(*web_app_url), limits);
}

void identity::by_cookies(eio::handshake const& request, identity_listener& l)
{
    if (web_app_) return web_app_->ask(request, l);
    l.on_identity(refusal{internal_code::cookies_refused, "this gateway takes no cookies"});
}

void identity::stop()
{
    uuids_.stop();
    if (web_app_) web_app_->stop();
}

}  // namespace notify
