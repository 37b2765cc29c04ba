// SPDX-License-Identifier: MIT
//
// Who asks, and for which site, as the proxies before the gateway say it in X-Forwarded-For, -Host
// and -Proto.
//
// wire/kept_headers passes it on to the web app: sites bind a session to the browser's address, and
// some redirect what did not come by https. These headers are believed only if the peer is a
// trusted proxy (--trusted-proxy); anybody else could write them. What a proxy does not say, and
// whatever others say, is replaced by what the gateway sees itself.
#pragma once

#include "http/origin_policy.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/http/fields.hpp>

#include <cstdint>
#include <string>

namespace notify {

struct forwarded_client {
    std::string chain;  // X-Forwarded-For: the client as it was told, then the proxies
    std::string host;   // with its port, if any
    std::string proto;  // http or https
    // The client's network, by which the line to the web app is kept fair (fair_line.hpp). Taken
    // from the nearest address that is no trusted proxy's: what stands before that one was said by
    // strangers, who could otherwise be somebody else with each request. An IPv4 address, or the
    // first 64 bits of an IPv6 one, since a customer has that many addresses at least.
    std::uint64_t network = 0;
};

// Returns what is known of the client that sent request to the peer. Of a list for host or proto
// the first member counts. Either is empty where a trusted proxy's request has that header twice:
// one may be the proxy's and the other its client's, and nobody can tell which. Throws
// std::bad_alloc.
[[nodiscard]] forwarded_client client_behind(boost::beast::http::fields const& request,
                                             boost::asio::ip::address const& peer,
                                             origin_policy const& proxies);

// Returns the values of all lines of one header as one text, with separator between them; "" if
// there are none.
[[nodiscard]] std::string joined(boost::beast::http::fields const& request, std::string_view name,
                                 std::string_view separator);

}  // namespace notify
