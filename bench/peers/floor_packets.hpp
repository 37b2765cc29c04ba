// SPDX-License-Identifier: MIT
//
// What the floor says to clients, and how it reads the little that it must understand: by looking
// for what well-behaved ones send.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace notify::bench {

inline constexpr std::string_view channel_begin = "/app/user/";
inline constexpr std::string_view channel_end = "/notifications";
inline constexpr std::string_view ns_connect = "40/io/user/notifications,";
inline constexpr std::string_view subscribed =
    R"(42/io/user/notifications,["internal",{"type":"success","code":"SUBSCRIPTION_OK",)"
    R"("message":"subscribed"}])";
inline constexpr std::string_view nobody =
    R"(42/io/user/notifications,["internal",{"type":"error","code":"USERID_IS_NULL",)"
    R"("message":"nobody"}])";
inline constexpr std::string_view ping = "2";

// What stands between begin and end; "" if that is not there.
inline std::string_view between(std::string_view text, std::string_view begin, char end)
{
    auto const at = text.find(begin);
    if (at == text.npos) return {};
    text.remove_prefix(at + begin.size());
    return text.substr(0, text.find(end));
}

// From {"userId":"123"}, {"userId":123} or a bare 123.
inline std::string_view user_in(std::string_view value)
{
    constexpr std::string_view around = "\" }";
    if (auto const colon = value.find(':'); value.starts_with('{') && colon != value.npos)
        value.remove_prefix(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(around), value.size()));
    value = value.substr(0, value.find_first_of(around));
    return value == "null" ? std::string_view{} : value;
}

inline std::string channel_of(std::string_view user)
{
    return std::string{channel_begin}.append(user).append(channel_end);
}

// REQUIRES: channel is one that channel_of() made.
inline std::string_view user_of(std::string_view channel)
{
    channel.remove_prefix(channel_begin.size());
    channel.remove_suffix(channel_end.size());
    return channel;
}

}  // namespace notify::bench
