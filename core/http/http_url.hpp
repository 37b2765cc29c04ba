// SPDX-License-Identifier: MIT
//
// An absolute http or https URL (RFC 3986), or the address of a web app on a unix
// socket, taken apart into where to connect and what to ask for.
#pragma once

#include "base/result.hpp"
#include "base/stream.hpp"

#include <string>
#include <string_view>

namespace notify {

struct http_url {
    stream_address address;
    std::string host;    // with the port if there was one, as the Host header has it
    std::string target;  // path and query, beginning with a slash

    [[nodiscard]] bool tls() const { return address.how == stream_address::kind::tls; }
    // As it was written, more or less.
    [[nodiscard]] std::string to_string() const;
};

// Refuses other schemes, a user or password, a fragment, and impossible ports.
// The error shows the URL, unless there could be a password in it, and says that
// it is not what it should be: "a URL to ask".
[[nodiscard]] result<http_url> parse_http_url(std::string_view text,
                                              std::string_view what = "a URL to ask");

// The same, or what speaks HTTP on a unix socket, written as Nginx has it:
// unix:/run/app.sock:/path, with or without http:// before it. Its Host is localhost.
[[nodiscard]] result<http_url> parse_web_app_url(std::string_view text);

}  // namespace notify
