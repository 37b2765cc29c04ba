// SPDX-License-Identifier: MIT
//
// Who asks, and for which site, as the proxies before the gateway say it in
// X-Forwarded-For, -Host and -Proto. They are believed if the peer is a trusted
// proxy; of anybody else, and of what a proxy does not say, it is what the gateway
// sees itself.
#pragma once

#include "http/origin_policy.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/http/fields.hpp>

#include <cstdint>
#include <string>

namespace notify {

struct forwarded_client {
    std::string chain;  // addresses: the client as it was told, then the proxies
    std::string host;   // with its port, if any
    std::string proto;  // http or https
    // The client's network: the nearest address that is no trusted proxy's, since what
    // stands before that was said by strangers. An IPv4 address, or the /64 of an IPv6
    // one, which one customer has.
    std::uint64_t network = 0;
};

// A list counts by its first member. host or proto is empty where a trusted proxy's
// request has it twice: one may be the proxy's, the other that of whoever it serves.
[[nodiscard]] forwarded_client client_behind(boost::beast::http::fields const& request,
                                             boost::asio::ip::address const& peer,
                                             origin_policy const& proxies);

// The lines of one header as one text, with separator between them ("" if there are none).
[[nodiscard]] std::string joined(boost::beast::http::fields const& request, std::string_view name,
                                 std::string_view separator);

}  // namespace notify
