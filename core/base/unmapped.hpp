// SPDX-License-Identifier: MIT
//
// IPv4 clients of an IPv6 socket appear as ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2).
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
