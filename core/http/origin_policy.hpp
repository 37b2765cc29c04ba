// SPDX-License-Identifier: MIT
//
// Which web pages may speak for a browser's user. Cookies travel by themselves,
// so a page of any site could open a connection in the name of whoever visits
// it; the browser says in `Origin` (RFC 6454) whose page it is.
//
// Allowed: no origin (not a browser), the same host name as the request's own
// (ports are not compared: cookies don't know them, and proxies drop them), and
// what was named explicitly (origin_rule.hpp). Where a proxy says that the request
// came by https, a page that did not is another one: whoever sits on the user's
// network can put it there.
#pragma once

#include "base/result.hpp"
#include "http/origin_rule.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace notify {

// What a request says of the page it comes from, and of where it went; "" of what it
// does not say.
struct page_claim {
    std::string_view origin;
    std::string_view host;
    std::string_view forwarded_host{};   // X-Forwarded-Host, and
    std::string_view forwarded_proto{};  // X-Forwarded-Proto: of a trusted proxy they count
};

class origin_policy {
public:
    // Lets in what a rule of origin_rule.hpp says, or all with `*`.
    [[nodiscard]] result<void> allow(std::string_view origin);

    // An address (`10.0.0.1`, `::1`) or network (`10.0.0.0/8`) whose
    // X-Forwarded-* headers are believed. Loopback always is.
    [[nodiscard]] result<void> trust_proxy(std::string_view address);

    // True if the page may speak for the browser that sent the request.
    [[nodiscard]] bool allows(page_claim const& page, boost::asio::ip::address const& remote) const;

    // For the log, of a page that is not allowed: its origin, what it was compared
    // with, and the option that would let it in. Escaped and cut.
    [[nodiscard]] std::string reason_to_refuse(page_claim const& page,
                                               boost::asio::ip::address const& remote) const;

    [[nodiscard]] bool trusts(boost::asio::ip::address const& remote) const;

private:
    struct network {
        boost::asio::ip::address address;
        unsigned prefix_length;
    };

    [[nodiscard]] bool is_same_site(web_origin const& page, page_claim const& claim,
                                    boost::asio::ip::address const& remote) const;

    bool any_ = false;
    std::vector<origin_rule> allowed_;
    std::vector<network> trusted_;
};

}  // namespace notify
