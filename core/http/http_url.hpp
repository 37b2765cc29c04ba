// SPDX-License-Identifier: MIT
//
// An absolute http or https URL (RFC 3986), or the address of a web app on a unix socket, taken
// apart into where to connect and what to ask for.
//
// Read once, when a program starts: the gateway's --web-app and notify-watch's gateway. So the
// errors are for a person who has just typed it, and say what to write instead.
#pragma once

#include "base/result.hpp"
#include "base/stream.hpp"

#include <string>
#include <string_view>

namespace notify {

struct http_url {
    stream_address address;  // where to connect; no certificate files yet
    std::string host;        // with the port if there was one, as the Host header has it
    std::string target;      // path and query, beginning with a slash, still percent-encoded

    [[nodiscard]] bool tls() const { return address.how == stream_address::kind::tls; }
    // As it was written, up to what means the same: "http://localhost:3000/whoami". For logs and
    // errors; there is no password in it, since no URL with one is accepted.
    [[nodiscard]] std::string to_string() const;
};

// Refuses other schemes, a user or password, a fragment, and impossible ports. The error is one
// sentence: the URL in quotes, that it is not what it should be (`what`), and why. It does not show
// a URL in which there could be a password, because errors end up in logs.
[[nodiscard]] result<http_url> parse_http_url(std::string_view text,
                                              std::string_view what = "a URL to ask");

// The same, or the address of what speaks HTTP on a unix socket, written as Nginx has it in
// proxy_pass: `unix:/run/app.sock:/path`, with or without `http://` before it. Its Host is
// localhost. The socket need not exist yet.
[[nodiscard]] result<http_url> parse_web_app_url(std::string_view text);

}  // namespace notify
