// SPDX-License-Identifier: MIT
//
// Which web pages may speak for a browser's user, and which peers are proxies whose word counts.
//
// The attack is cross-site WebSocket hijacking. Browsers send a site's cookies with every request
// to it, whatever page made the request. So a page of any site could open a connection in the name
// of whoever visits it, and read that user's notifications. But the browser says in `Origin` (RFC
// 6454) whose page it is, and a page cannot change that.
//
// Allowed are:
//  - no origin: not a browser (page_access looks further at what browsers send without one);
//  - the host name of the request itself. Ports are not compared: cookies do not know them, and
//    proxies drop them;
//  - what --allow-origin names (origin_rule.hpp).
//
// Where a proxy says that the browser came by https, a page that came by http is another site's:
// whoever sits on the user's network can make such a page.
//
// Made from the options at the start, then immutable and shared by all shards. Plain values: the
// rules are tested without a request. docs/protocol.md, HTTP, and SECURITY.md say the same for
// users.
#pragma once

#include "base/result.hpp"
#include "http/origin_rule.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace notify {

// What a request says of the page it comes from, and of where it went; "" for what it does not say.
// Header values as they came. The forwarded ones count only if a trusted proxy is the peer.
struct page_claim {
    std::string_view origin;
    std::string_view host;
    std::string_view forwarded_host{};   // X-Forwarded-Host
    std::string_view forwarded_proto{};  // X-Forwarded-Proto
};

class origin_policy {
public:
    // Lets in pages of this origin, in the forms that origin_rule.hpp reads, or of all with `*`.
    // The error is a sentence for who gave the option.
    [[nodiscard]] result<void> allow(std::string_view origin);

    // Believes X-Forwarded-* headers of this address (`10.0.0.1`, `::1`) or network (`10.0.0.0/8`).
    // Loopback is always believed: who can connect from there is on this machine. The error is a
    // sentence for who gave the option.
    [[nodiscard]] result<void> trust_proxy(std::string_view address);

    // True if the page may speak for the browser's user. remote: the peer of the connection.
    [[nodiscard]] bool allows(page_claim const& page, boost::asio::ip::address const& remote) const;

    // Returns a sentence for the log about a page that is not allowed: its origin, what that was
    // compared with, and the option that would let it in. What the client said is escaped and cut,
    // since it ends up on somebody's terminal.
    [[nodiscard]] std::string reason_to_refuse(page_claim const& page,
                                               boost::asio::ip::address const& remote) const;

    // True if the peer is a proxy whose X-Forwarded-* headers are believed. An IPv4 address counts
    // in its IPv6 form (::ffff:10.0.0.1) too.
    [[nodiscard]] bool trusts(boost::asio::ip::address const& remote) const;

private:
    struct network {
        boost::asio::ip::address address;
        unsigned prefix_length;  // bits; those after it do not count
    };

    [[nodiscard]] bool is_same_site(web_origin const& page, page_claim const& claim,
                                    boost::asio::ip::address const& remote) const;

    bool any_ = false;  // `*` was allowed
    std::vector<origin_rule> allowed_;
    std::vector<network> trusted_;
};

}  // namespace notify
