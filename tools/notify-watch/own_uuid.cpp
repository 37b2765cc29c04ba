// SPDX-License-Identifier: MIT
#include "own_uuid.hpp"

#include "identity/uuid_cookie.hpp"
#include "redis/redis_client.hpp"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <utility>

namespace notify {

namespace {

error explained(error const& e)
{
    return error{
        fmt::format("no uuidCookie could be minted: {} (--redis says which Redis)", e.message)};
}

net::awaitable<result<std::string>> mint(user_id user, redis::redis_options options,
                                         std::string prefix)
{
    redis::redis_policy policy;
    policy.keep_trying = false;
    policy.client_name = "notify-watch";
    redis::redis_client redis{co_await net::this_coro::executor, std::move(options),
                              std::move(policy)};
    redis.start();
    auto const ready = co_await redis.ready();
    if (!ready) co_return explained(ready.error());
    uuid_cookies cookies{redis, std::move(prefix)};
    auto uuid = co_await cookies.mint(std::move(user), uuid_cookies::default_ttl);
    if (!uuid) co_return explained(uuid.error());
    co_return uuid;
}

}  // namespace

client_identity::uuid_source own_uuids(user_id user, redis::redis_options options,
                                       std::string prefix)
{
    return [user = std::move(user), options = std::move(options), prefix = std::move(prefix)] {
        return mint(user, options, prefix);
    };
}

}  // namespace notify
