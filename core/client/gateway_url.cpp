// SPDX-License-Identifier: MIT
#include "client/gateway_url.hpp"

#include "base/quoted.hpp"

#include <boost/url.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace notify {

namespace {

namespace urls = boost::urls;

std::string_view as_view(urls::string_view text) { return {text.data(), text.size()}; }

error refused(std::string_view text, std::string_view why)
{
    // Before an @ there may be a password, also where the URL is not one at all.
    auto const shown = text.find('@') == text.npos ? in_quotes(text) : std::string{"this"};
    return error{fmt::format("{} is not a gateway's URL: {}", shown, why)};
}

// The port of u, or that of its scheme. Nothing if it is not from 1 to 65535.
result<std::uint16_t> find_port(urls::url_view const& u)
{
    auto const text = as_view(u.port());
    if (text.empty())
        return static_cast<std::uint16_t>(u.scheme_id() == urls::scheme::https ? 443 : 80);
    std::uint16_t port = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (ec != std::errc{} || end != text.data() + text.size() || port == 0)
        return error{"the port is not between 1 and 65535"};
    return port;
}

bool is_printable(std::string_view host)
{
    return std::all_of(host.begin(), host.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

result<stream_address> find_address(urls::url_view const& u)
{
    stream_address a;
    a.how = u.scheme_id() == urls::scheme::https ? stream_address::kind::tls
                                                 : stream_address::kind::plain;
    a.host = u.host_type() == urls::host_type::ipv6 ? u.host_address() : u.host();
    if (a.host.empty()) return error{"the host is missing"};
    if (!is_printable(a.host)) return error{"the host contains a character that no host has"};
    auto const port = find_port(u);
    if (!port) return port.error();
    a.port = *port;
    return a;
}

}  // namespace

result<gateway_url> parse_gateway_url(std::string_view text)
{
    auto const parsed = urls::parse_uri({text.data(), text.size()});
    bool const http = parsed && (parsed->scheme_id() == urls::scheme::http ||
                                 parsed->scheme_id() == urls::scheme::https);
    if (!http)
        return refused(text, "it should be like http://127.0.0.1:3000 or https://example.org");
    urls::url_view const& u = *parsed;
    // Boost 1.81 takes "host:12x" as port 12 and path "x".
    std::string_view path = as_view(u.encoded_path());
    if (!path.empty() && path.front() != '/') return refused(text, "the port is not a number");
    if (u.has_userinfo()) return refused(text, "it may not hold a user or a password");
    if (u.has_query() || u.has_fragment()) return refused(text, "it may not hold a ? or a #");

    auto address = find_address(u);
    if (!address) return refused(text, address.error().message);
    while (path.ends_with('/')) path.remove_suffix(1);
    auto const authority = as_view(u.encoded_authority());
    return gateway_url{std::move(*address), std::string{authority},
                       fmt::format("{}/socket.io/?EIO=4&transport=websocket", path),
                       fmt::format("{}://{}{}", as_view(u.scheme()), authority, path)};
}

}  // namespace notify
