// SPDX-License-Identifier: MIT
#include "http/web_origin.hpp"

#include "base/url_port.hpp"
#include "http/host.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace notify {

namespace {

std::uint16_t default_port(std::string_view scheme)
{
    if (scheme == "https") return 443;
    return scheme == "http" ? 80 : 0;
}

}  // namespace

std::optional<web_origin> parse_origin(std::string_view text)
{
    if (text == "null") return web_origin{"null", "", 0};
    if (boost::beast::iequals(text, "file://")) return web_origin{"file", "", 0};
    auto host = host_of_origin(text);
    if (!host) return std::nullopt;
    std::size_t const mark = text.find("://");
    web_origin o{std::string{text.substr(0, mark)}, std::move(*host), 0};
    std::transform(o.scheme.begin(), o.scheme.end(), o.scheme.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    // No digits at all are no port; from_chars refuses one above 65535.
    std::string_view const digits = port_text(text);
    auto const [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), o.port);
    if (!digits.empty() && ec != std::errc{}) return std::nullopt;
    if (o.port == default_port(o.scheme)) o.port = 0;
    return o;
}

}  // namespace notify
