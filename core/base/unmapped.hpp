// SPDX-License-Identifier: MIT
//
// A listener on [::] sees its IPv4 clients as ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2). Addresses
// are compared with --trusted-proxy, and told to the web app, in their own form; otherwise a proxy
// at 10.0.0.1 would be trusted or not, depending on how the gateway listens.
#pragma once

#include <boost/asio/ip/address.hpp>

namespace notify {

// Returns the IPv4 address in a mapped one, and any other address as it is.
[[nodiscard]] inline boost::asio::ip::address unmapped(boost::asio::ip::address const& a)
{
    namespace ip = boost::asio::ip;
    if (a.is_v6() && a.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, a.to_v6());
    return a;
}

}  // namespace notify
