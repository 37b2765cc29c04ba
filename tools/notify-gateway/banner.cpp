// SPDX-License-Identifier: MIT
#include "banner.hpp"

#include "base/shell_word.hpp"
#include "gateway/gateway.hpp"

#include <fmt/format.h>

#include <string>

namespace notify {

namespace {

std::string url_of(gateway const& g)
{
    auto const address = g.settings().listen_at.address();
    std::string const host = address.is_unspecified() ? "127.0.0.1"
                             : address.is_v6()        ? "[" + address.to_string() + "]"
                                                      : address.to_string();
    return fmt::format("http://{}:{}", host, g.port());
}

std::string identity_of(gateway_settings const& s)
{
    std::string text = fmt::format("a uuidCookie (Redis key {}<uuid>)", s.uuid_prefix);
    if (s.web_app) text += fmt::format(", or cookies (asked at {})", s.web_app->to_string());
    if (s.session)
        text += fmt::format(", or cookie {} (channel {})", s.session->cookie, s.session->channel);
    return text;
}

}  // namespace

std::string banner_of(gateway const& g)
{
    gateway_settings const& s = g.settings();
    std::string const url = url_of(g);
    std::string const redis = s.redis_flag();
    std::string const watched = url == "http://127.0.0.1:3000" ? "" : " --url " + url;
    std::string const prefix =
        s.uuid_prefix == "cookie-" ? "" : " --uuidcookie-prefix " + shell_word(s.uuid_prefix);
    std::string text =
        fmt::format("notify-gateway listens on {} with {} thread{}\n"
                    "Redis:    {}{}\n"
                    "identity: {}\n",
                    url, s.threads, s.threads == 1 ? "" : "s", s.redis.display(),
                    g.started_redis() ? " (started here, ends with this)" : "", identity_of(s));
    if (s.dev) text += fmt::format("page:     {}/\n", url);
    text += fmt::format("Try, in other terminals:\n"
                        "  notify-watch --user 12345{}{}{}\n"
                        "  notify-send --user 12345{} \"Hey\"\n"
                        "  notify-token --user 12345{}{}\n",
                        watched, redis, prefix, redis, redis, prefix);
    return text;
}

}  // namespace notify
