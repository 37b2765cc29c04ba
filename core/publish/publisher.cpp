// SPDX-License-Identifier: MIT
#include "publish/publisher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace notify {

namespace {

// What Redis says when an ACL forbids a command, a key or a channel, by itself and in a script, of
// version 7.0 and later ones.
bool is_forbidden(std::string_view error)
{
    static constexpr std::array signs{"ACL failure in script", "can't run this command",
                                      "can't publish to the channel",
                                      "can't access at least one of the keys"};
    return error.starts_with("NOPERM") ||
           std::any_of(signs.begin(), signs.end(),
                       [error](std::string_view sign) { return error.find(sign) != error.npos; });
}

// The script's own errors are sentences for people.
std::string sentence_of(redis::reply_view error)
{
    static constexpr std::string_view ours = "NOTIFY ";
    return error.text().starts_with(ours) ? std::string{error.text().substr(ours.size())}
                                          : redis::quoted_error(error);
}

// Only what is missing: Redis refuses a pattern of keys or channels to a user who has all.
std::string_view rights_against(std::string_view error)
{
    if (error.find("channel") != error.npos) return rights_to_store::channels;
    if (error.find("key") != error.npos) return rights_to_store::keys;
    return rights_to_store::commands;
}

}  // namespace

// No reply: Redis may have executed the command before the connection was lost. An error reply: it
// has not, as with NOPERM for a channel that the ACL forbids.
publish_result publisher::published(result<redis::reply_view> const& reply)
{
    if (!reply) return publish_error{reply.error().message, true, false};
    if (reply->is_integer()) return reply->integer();
    return publish_error{fmt::format("Redis refused it: {}", redis::quoted_error(*reply)), false,
                         is_forbidden(reply->text())};
}

// {id, receivers, at}
store_result publisher::stored(redis::redis_client const& redis,
                               result<redis::reply_view> const& reply)
{
    if (!reply) return publish_error{reply.error().message, true, false};
    if (reply->size() == 3) {
        stored_notification s{std::string{(*reply)[0].text()}, 0, (*reply)[1].integer(), false};
        auto const at = (*reply)[2].text();
        std::from_chars(at.data(), at.data() + at.size(), s.at);
        s.is_repeated = s.receivers < 0;
        return s;
    }
    publish_error e{fmt::format("Redis refused it: {}", sentence_of(*reply)), false,
                    is_forbidden(reply->text())};
    if (e.is_forbidden) {
        auto const& user = redis.options().user;
        e.why += fmt::format("; to store notifications takes ACL SETUSER {} {}",
                             user.empty() ? "default" : user, rights_against(reply->text()));
    }
    return e;
}

std::vector<std::string> publisher::script_arguments(std::string_view object, storing const& how)
{
    std::vector<std::string> args{std::string{object}};
    if (!how.id.empty()) args.insert(args.end(), {"id", how.id});
    if (how.keep > 0) args.insert(args.end(), {"keep", fmt::to_string(how.keep)});
    if (how.max_entries > 0)
        args.insert(args.end(), {"max-entries", fmt::to_string(how.max_entries)});
    return args;
}

net::awaitable<store_result> publisher::async_store(user_id user, std::string object, storing how)
{
    auto args = script_arguments(object, how);
    std::string channel = channel_of(user);
    auto const reply =
        co_await redis::send_script().async_run(redis_, std::move(channel), std::move(args));
    if (!reply) co_return stored(redis_, reply.error());
    co_return stored(redis_, reply->view());
}

net::awaitable<publish_result> publisher::async_live(user_id user, std::string message)
{
    std::vector<std::string> command{"PUBLISH", channel_of(user), std::move(message)};
    auto const reply = co_await redis_.async_command(std::move(command));
    if (!reply) co_return published(reply.error());
    co_return published(reply->view());
}

}  // namespace notify
