// SPDX-License-Identifier: MIT
//
// Where a gateway is: the value of notify-watch's --url, taken apart into what each layer needs.
// Users give the address of the site; the path that Socket.IO's libraries add is added here too.
//
//     https://example.org/app  ->  example.org, port 443, TLS
//                                  GET /app/socket.io/?EIO=4&transport=websocket
#pragma once

#include "base/result.hpp"
#include "base/stream.hpp"

#include <string>
#include <string_view>

namespace notify {

struct gateway_url {
    stream_address address;  // https is TLS; set address.ca_file to trust a private authority
    std::string host;        // for the Host header: as in the URL, with the port if there is one
    std::string target;      // of the handshake: "/prefix/socket.io/?EIO=4&transport=websocket"
    std::string display;     // for people: "https://example.org/prefix"
};

// Reads http://host[:port][/prefix] or https://…; without a port it is 80 or 443. The prefix is for
// a site that has its gateway below a path; slashes at its end make no difference. A query or a
// fragment is refused, as are a user and a password. The error is a sentence that says what to
// write instead, and never shows a password. A pure function: it looks up no name.
[[nodiscard]] result<gateway_url> parse_gateway_url(std::string_view text);

}  // namespace notify
