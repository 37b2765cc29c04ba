// SPDX-License-Identifier: MIT
//
// Where a gateway is: the value of --url.
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

// Reads http://host[:port][/prefix] or https://…; the ports are 80 and 443 if none
// is given. The prefix is that of a site that has its gateway below a path. The
// error says what to write instead, and never shows a password.
[[nodiscard]] result<gateway_url> parse_gateway_url(std::string_view text);

}  // namespace notify
