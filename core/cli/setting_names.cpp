// SPDX-License-Identifier: MIT
#include "cli/setting_names.hpp"

#include <iterator>
#include <string_view>

namespace notify::cli {

namespace {

// One name on each line and in alphabetical order, so that a change is one line of a diff.
// clang-format off
constexpr std::string_view settings[] = {
    "allow-origin",
    "body-timeout",
    "bundle-dir",
    "ca-file",
    "connect-timeout",
    "drain",
    "head-timeout",
    "host",
    "idle-timeout",
    "json",
    "log-level",
    "max-connections",
    "max-connections-per-user",
    "max-head",
    "max-kept-headers",
    "max-message",
    "max-namespaces",
    "max-payload",
    "max-queue",
    "max-sessions",
    "no-eio3",
    "ping-interval",
    "ping-timeout",
    "poll-timeout",
    "port",
    "recovery-window",
    "redis",
    "redis-ca-file",
    "redis-cert-file",
    "redis-key-file",
    "redis-password-file",
    "sample-userid",
    "secret-file",
    "session-channel",
    "session-cookie",
    "share-port",
    "subscribe-by-cookies-url",
    "subscribe-timeout",
    "threads",
    "trusted-proxy",
    "upgrade-timeout",
    "url",
    "user",
    "user-timeout",
    "uuidcookie-prefix",
    "web-app-header",
    "web-app-line",
    "web-app-line-each",
    "web-app-requests",
    "web-app-timeout",
    "web-app-wait",
};
// clang-format on

}  // namespace

std::vector<std::string> const& tool_names()
{
    static std::vector<std::string> const names{"notify-gateway", "notify-send", "notify-watch",
                                                "notify-token"};
    return names;
}

std::vector<std::string> const& setting_names()
{
    static std::vector<std::string> const names(std::begin(settings), std::end(settings));
    return names;
}

}  // namespace notify::cli
