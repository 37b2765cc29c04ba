// SPDX-License-Identifier: MIT
#include "http/origin_policy.hpp"

#include "http/host.hpp"

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace notify {

namespace {

namespace ip = boost::asio::ip;

std::string lower(std::string_view text)
{
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

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

// IPv4 clients of an IPv6 socket appear as ::ffff:a.b.c.d.
ip::address unmapped(ip::address const& a)
{
    if (a.is_v6() && a.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, a.to_v6());
    return a;
}

}  // namespace

result<void> origin_policy::allow(std::string_view origin)
{
    if (origin == "*") {
        any_ = true;
        return {};
    }
    if (!host_of_origin(origin))
        return error{fmt::format(
            "'{}' is not an origin; write it as browsers send it, such as https://example.org",
            origin)};
    allowed_.push_back(lower(origin));
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

bool origin_policy::allows(std::string_view origin, std::string_view host,
                           std::string_view forwarded_host, ip::address const& remote) const
{
    if (origin.empty() || any_) return true;
    if (std::find(allowed_.begin(), allowed_.end(), lower(origin)) != allowed_.end()) return true;
    auto const from = host_of_origin(origin);
    if (!from) return false;  // also "null", the origin of sandboxed pages
    if (from == host_of_authority(host)) return true;
    return !forwarded_host.empty() && trusts(remote) && from == host_of_authority(forwarded_host);
}

}  // namespace notify
