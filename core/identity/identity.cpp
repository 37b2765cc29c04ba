// SPDX-License-Identifier: MIT
#include "identity/identity.hpp"

#include <memory>
#include <utility>

namespace notify {

identity::identity(net::io_context& loop, redis::redis_client& redis, std::string uuid_prefix,
                   std::optional<http_url> web_app_url, http_client_options const& limits)
    : uuids_{redis, std::move(uuid_prefix)}
{
    if (web_app_url) web_app_.emplace(loop, std::move(*web_app_url), limits);
}

void identity::by_uuid(std::string_view uuid, identity_listener& l)
{
    auto const asked = std::make_shared<lookup>();
    asked->add(l);
    uuids_.consume(uuid, [asked](identity_answer const& who) { asked->finish(who); });
}

void identity::by_cookies(std::string_view cookie, identity_listener& l)
{
    if (web_app_) return web_app_->ask(cookie, l);
    l.on_identity(refusal{refusal_code::cookies_refused, "this gateway takes no cookies"});
}

void identity::stop()
{
    if (web_app_) web_app_->stop();
}

}  // namespace notify
