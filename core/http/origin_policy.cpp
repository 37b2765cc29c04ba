// SPDX-License-Identifier: MIT
#include "http/origin_policy.hpp"

#include "base/quoted.hpp"
#include "base/unmapped.hpp"
#include "http/field_value.hpp"
#include "http/host.hpp"

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <boost/beast/core/string.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace notify {

namespace {

namespace ip = boost::asio::ip;

// True if the first bits of both addresses agree.
template <class Bytes>
bool share_prefix(Bytes const& a, Bytes const& b, unsigned bits)
{
    for (unsigned i = 0; i < bits; ++i) {
        unsigned const mask = 0x80u >> (i % 8);
        if ((a[i / 8] & mask) != (b[i / 8] & mask)) return false;
    }
    return true;
}

// True if a proxy says that the browser's request came to it by TLS.
bool says_https(std::string_view forwarded_proto)
{
    std::string_view const proto = first_of_list(forwarded_proto);
    return boost::beast::iequals(proto, "https") || boost::beast::iequals(proto, "wss");
}

}  // namespace

result<void> origin_policy::allow(std::string_view origin)
{
    if (origin == "*") {
        any_ = true;
        return {};
    }
    auto rule = origin_rule::parse(origin);
    if (!rule) return rule.error();
    allowed_.push_back(std::move(*rule));
    return {};
}

result<void> origin_policy::trust_proxy(std::string_view text)
{
    std::size_t const slash = text.find('/');
    boost::system::error_code ec;
    auto const address = ip::make_address(std::string{text.substr(0, slash)}, ec);
    unsigned bits = !ec && address.is_v4() ? 32 : 128;
    bool valid = !ec;
    if (slash != text.npos) {
        unsigned const whole = bits;
        auto const digits = text.substr(slash + 1);
        auto const [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
        valid =
            valid && bad == std::errc{} && end == digits.data() + digits.size() && bits <= whole;
    }
    if (!valid)
        return error{fmt::format(
            "'{}' is not an address or network; write 10.0.0.1, ::1 or 10.0.0.0/8", text)};
    trusted_.push_back({address, bits});
    return {};
}

bool origin_policy::trusts(ip::address const& address) const
{
    ip::address const remote = unmapped(address);
    if (remote.is_loopback()) return true;
    return std::any_of(trusted_.begin(), trusted_.end(), [&](network const& n) {
        if (n.address.is_v4() != remote.is_v4()) return false;
        return remote.is_v4() ? share_prefix(n.address.to_v4().to_bytes(),
                                             remote.to_v4().to_bytes(), n.prefix_length)
                              : share_prefix(n.address.to_v6().to_bytes(),
                                             remote.to_v6().to_bytes(), n.prefix_length);
    });
}

// The named origins first: they count whatever a proxy says of https. An Origin that cannot be read
// is refused, for it is no browser's.
bool origin_policy::allows(page_claim const& page, ip::address const& remote) const
{
    if (page.origin.empty() || any_) return true;
    auto const from = parse_origin(page.origin);
    if (!from) return false;
    auto const matches = [&](origin_rule const& r) { return r.matches(*from); };
    return std::any_of(allowed_.begin(), allowed_.end(), matches) ||
           is_same_site(*from, page, remote);
}

// True if the page is of the site that the request went to: of Host, or of the X-Forwarded-Host
// that a trusted proxy adds when it rewrites Host.
//
// A page by http is another site's where a trusted proxy says https. The reverse is let in: TLS may
// have ended before that proxy, and no stranger on the way can have made a page by https.
bool origin_policy::is_same_site(web_origin const& page, page_claim const& claim,
                                 ip::address const& remote) const
{
    if (page.host.empty()) return false;  // of `null`, the origin of sandboxed pages, and of files
    bool const by_proxy = trusts(remote);
    if (by_proxy && says_https(claim.forwarded_proto) && page.scheme != "https") return false;
    if (page.host == host_of_authority(claim.host)) return true;
    return by_proxy && !claim.forwarded_host.empty() &&
           page.host == host_of_authority(first_of_list(claim.forwarded_host));
}

std::string origin_policy::reason_to_refuse(page_claim const& page, ip::address const& remote) const
{
    // Suggests the option only for what the option would take, and not for a text of any length.
    bool const by_proxy = trusts(remote);
    bool const is_forwarded = by_proxy && !page.forwarded_host.empty();
    std::string why =
        fmt::format("the origin {} is not that of the host {}", in_quotes(page.origin),
                    in_quotes(is_forwarded ? page.forwarded_host : page.host));
    if (by_proxy && says_https(page.forwarded_proto)) why += " by https";
    if (page.origin.size() <= 255 && origin_rule::parse(page.origin))
        why +=
            fmt::format("; if its pages may speak for your users: --allow-origin {}", page.origin);
    return why;
}

}  // namespace notify
