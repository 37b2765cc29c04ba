// SPDX-License-Identifier: MIT
#include "publish/publisher.hpp"

#include <fmt/format.h>

#include <vector>

namespace notify {

// No reply: Redis may have executed the command before the connection was lost. An error reply: it
// has not, as with NOPERM for a channel that the ACL forbids.
publish_result publisher::result_of(result<redis::reply_view> const& reply)
{
    if (!reply) return publish_error{reply.error().message, true};
    if (reply->is_integer()) return reply->integer();
    return publish_error{fmt::format("Redis refused it: {}", redis::quoted_error(*reply))};
}

net::awaitable<publish_result> publisher::async_send(user_id user, std::string message)
{
    std::vector<std::string> command{"PUBLISH", channel_of(user), std::move(message)};
    auto const reply = co_await redis_.async_command(std::move(command));
    if (!reply) co_return result_of(reply.error());
    co_return result_of(reply->view());
}

}  // namespace notify
