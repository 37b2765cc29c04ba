// SPDX-License-Identifier: MIT
//
// Which web pages may speak for a browser's user. Cookies travel by themselves,
// so a page of any site could open a connection in the name of whoever visits
// it; the browser says in `Origin` (RFC 6454) whose page it is.
//
// Allowed: no origin (not a browser), the same host name as the request's own
// (ports are not compared: cookies don't know them, and proxies drop them), and
// what was named explicitly.
#pragma once

#include "base/result.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace notify {

class origin_policy {
public:
    // Origins as browsers send them (`https://example.org[:port]`), or `*` for
    // all; refuses anything else.
    [[nodiscard]] result<void> allow(std::string_view origin);

    // An address (`10.0.0.1`, `::1`) or network (`10.0.0.0/8`) whose
    // X-Forwarded-* headers are believed. Loopback always is.
    [[nodiscard]] result<void> trust_proxy(std::string_view address);

    // True if a page of origin may speak for the browser that sent the request.
    // forwarded_host counts only if it came from a trusted proxy.
    [[nodiscard]] bool allows(std::string_view origin, std::string_view host,
                              std::string_view forwarded_host,
                              boost::asio::ip::address const& remote) const;

    [[nodiscard]] bool trusts(boost::asio::ip::address const& remote) const;

private:
    struct network {
        boost::asio::ip::address address;
        unsigned prefix_length;
    };

    bool any_ = false;
    std::vector<std::string> allowed_;  // in lower case
    std::vector<network> trusted_;
};

}  // namespace notify
