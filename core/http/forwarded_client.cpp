// SPDX-License-Identifier: MIT
#include "http/forwarded_client.hpp"

#include "base/unmapped.hpp"
#include "http/field_value.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <optional>
#include <string_view>

namespace notify {

namespace {

namespace ip = boost::asio::ip;
using fields = boost::beast::http::fields;

boost::beast::string_view of_beast(std::string_view text) { return {text.data(), text.size()}; }

template <class StringView>  // Beast's is another one with each version of Boost
std::string_view as_view(StringView text)
{
    return {text.data(), text.size()};
}

// Reads a member of X-Forwarded-For: an address, after which some proxies write a port, and around
// which they write brackets if it is one of IPv6. One colon can only be that of a port: IPv6 has
// two at least.
std::optional<ip::address> address_in(std::string_view text)
{
    if (text.starts_with('['))
        text = text.substr(1, text.find(']') - 1);
    else if (std::count(text.begin(), text.end(), ':') == 1)
        text = text.substr(0, text.find(':'));
    boost::system::error_code ec;
    auto const address = ip::make_address(std::string{text}, ec);
    if (ec) return std::nullopt;
    return unmapped(address);
}

// Returns an IPv4 address, or the first 64 bits of an IPv6 one. The two cannot be confused where it
// matters: no network in use begins with 32 zero bits.
std::uint64_t network_of(ip::address const& a)
{
    if (a.is_v4()) return a.to_v4().to_uint();
    std::uint64_t half = 0;
    auto const bytes = a.to_v6().to_bytes();
    for (std::size_t i = 0; i < 8; ++i) half = half << 8 | bytes[i];
    return half;
}

// Walks the chain from its end, which the nearest proxy has written, towards the client. Each step
// is believed only if the one who said it is trusted; the first address that is not is the client.
// What stands before it is its own word: `X-Forwarded-For: 1.2.3.4` from a browser becomes
// `1.2.3.4, client`.
ip::address client_of(std::string_view chain, ip::address const& peer, origin_policy const& proxies)
{
    ip::address nearest = unmapped(peer);
    while (proxies.trusts(nearest) && !chain.empty()) {
        std::size_t const comma = chain.find_last_of(',');
        auto const said =
            address_in(first_of_list(chain.substr(comma == chain.npos ? 0 : comma + 1)));
        if (!said) break;
        nearest = *said;
        chain = chain.substr(0, comma == chain.npos ? 0 : comma);
    }
    return nearest;
}

// Returns what a trusted proxy says in this header; `own` if it says nothing, and "" if it has the
// header twice.
std::string told(fields const& request, std::string_view name, bool is_trusted,
                 std::string_view own)
{
    std::size_t const times = is_trusted ? request.count(of_beast(name)) : 0;
    if (times == 0) return std::string{own};
    if (times > 1) return {};
    std::string_view const list = as_view(request[of_beast(name)]);
    return std::string{first_of_list(list)};
}

}  // namespace

std::string joined(fields const& request, std::string_view name, std::string_view separator)
{
    std::string all;
    auto const [first, last] = request.equal_range(of_beast(name));
    for (auto f = first; f != last; ++f) {
        if (f != first) all += separator;
        all += as_view(f->value());
    }
    return all;
}

forwarded_client client_behind(fields const& request, ip::address const& peer,
                               origin_policy const& proxies)
{
    bool const is_trusted = proxies.trusts(peer);
    forwarded_client f;
    if (is_trusted) f.chain = joined(request, "X-Forwarded-For", ", ");
    f.network = network_of(client_of(f.chain, peer, proxies));
    if (f.chain.empty()) f.chain = unmapped(peer).to_string();
    f.host = told(request, "X-Forwarded-Host", is_trusted,
                  as_view(request[boost::beast::http::field::host]));
    f.proto = told(request, "X-Forwarded-Proto", is_trusted, "http");
    // Some proxies say that of a WebSocket; the web app is asked a plain request.
    if (f.proto == "ws") f.proto = "http";
    if (f.proto == "wss") f.proto = "https";
    return f;
}

}  // namespace notify
