// SPDX-License-Identifier: MIT
#include "http/origin_rule.hpp"

#include "base/quoted.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace notify {

namespace {

// What is wrong with a text that was meant as an origin, and what to write.
using origin_fault = std::optional<std::string>;

// The fault_of_… functions below each look at one part of the text, and return the second half of a
// sentence: `'https://example.org/' has a path, …; write https://example.org`. Each suggests what
// was probably meant, since a person has just typed it.
constexpr char how_to_write[] = "write it as browsers send it, such as https://example.org";

bool is_printable_ascii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// Of the whole text, before it is taken apart.
origin_fault fault_of_characters(std::string_view text)
{
    if (text.empty()) return fmt::format("is empty; {}", how_to_write);
    if (std::any_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; }))
        return "has letters beyond ASCII, and browsers send such names in punycode: write "
               "https://xn--bcher-kva.example for https://bücher.example";
    if (!is_printable_ascii(text) || text.find(',') != text.npos)
        return "is more than one, or has blanks in it; give --allow-origin once for each";
    return std::nullopt;
}

origin_fault fault_of_scheme(std::string_view scheme, std::string_view rest)
{
    if (scheme == "ws" || scheme == "wss")
        return fmt::format("has the scheme of a WebSocket; write that of the page, http{}://{}",
                           scheme == "wss" ? "s" : "", rest);
    if (scheme == "file")
        return "names a file; browsers send null for pages from files, and some programs file://: "
               "write that";
    return std::nullopt;
}

// rest is what follows the scheme.
origin_fault fault_of_more_than_host(std::string_view scheme, std::string_view rest)
{
    std::size_t const end = std::min(rest.find_first_of("/?#"), rest.size());
    std::size_t const at = rest.substr(0, end).rfind('@');
    std::size_t const begin = at == rest.npos ? 0 : at + 1;
    if (begin == end) return fmt::format("names no host; {}", how_to_write);
    std::string_view const authority = rest.substr(begin, end - begin);
    if (begin > 0)
        return fmt::format("names a user, which no origin does; write {}://{}", scheme, authority);
    if (end < rest.size())
        return fmt::format("has a path, if only a slash, which no origin has; write {}://{}",
                           scheme, authority);
    return std::nullopt;
}

// A star stands for labels before a name, so it is the first label and something follows it.
origin_fault fault_of_star(std::string_view scheme, std::string_view host)
{
    if (host == "*")
        return fmt::format("is not for a site; write {}://*.example.org for all below a name, or * "
                           "for all pages of all sites",
                           scheme);
    if (host.starts_with('.') && host.size() > 1)
        return fmt::format("has a host that begins with a dot; write {}://*{}", scheme, host);
    std::size_t const last = host.rfind('*');
    if (last == host.npos || (last == 0 && host.starts_with("*.") && host.size() > 2))
        return std::nullopt;
    return fmt::format("has a * that is not the first label of its host; write {}://*.example.org",
                       scheme);
}

// Browsers take a host whose last label begins with a digit for an address, which they send in one
// form only: 127.0.0.1 and not 127.1, [::1] and not [0:0:0:0:0:0:0:1]. Another form would never
// match.
origin_fault fault_of_address(std::string_view scheme, std::string_view host, bool has_star)
{
    bool const bracketed = host.starts_with('[');
    std::string_view const last = host.substr(host.rfind('.') + 1);
    if (!bracketed && (last.empty() || last[0] < '0' || last[0] > '9')) return std::nullopt;
    boost::system::error_code ec;
    auto const inside = bracketed ? host.substr(1, host.size() - 2) : host;
    auto const address = boost::asio::ip::make_address(std::string{inside}, ec);
    if (!ec && !has_star && address.is_v6() == bracketed && address.to_string() == inside)
        return std::nullopt;
    return fmt::format("has no address as browsers send it; write one such as {}://127.0.0.1 or "
                       "{}://[::1]",
                       scheme, scheme);
}

// Stricter for http and https, whose hosts browsers write in one way, than for the schemes of apps.
origin_fault fault_of_name(std::string_view scheme, std::string_view host)
{
    bool const has_star = host.starts_with("*.");
    if (has_star) host.remove_prefix(2);
    auto const fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
               c == '_' || c == '~';
    };
    bool const is_http = scheme == "http" || scheme == "https";
    bool const good = host.starts_with('[') || std::all_of(host.begin(), host.end(), fits);
    bool const has_gap = host.starts_with('.') || host.find("..") != host.npos;
    // Some apps have the host `.`.
    if (!good || (has_gap && (is_http || host != ".")))
        return fmt::format("has no host name; {}", how_to_write);
    return is_http ? fault_of_address(scheme, host, has_star) : std::nullopt;
}

// Returns the first fault of the text, or nothing.
origin_fault fault_of(std::string_view text)
{
    if (auto f = fault_of_characters(text)) return f;
    std::size_t const mark = text.find("://");
    if (mark == text.npos)
        return parse_origin(fmt::format("https://{}", text))
                   ? fmt::format("has no scheme; write https://{}, or http://{}", text, text)
                   : fmt::format("is not an origin; {}", how_to_write);
    auto const scheme = text.substr(0, mark);
    auto const rest = text.substr(mark + 3);
    if (auto f = fault_of_more_than_host(scheme, rest)) return f;
    auto const o = parse_origin(text);
    if (!o) return fmt::format("is not an origin; {}, or https://example.org:8443", how_to_write);
    if (auto f = fault_of_scheme(o->scheme, rest)) return f;
    if (auto f = fault_of_star(o->scheme, o->host)) return f;
    return fault_of_name(o->scheme, o->host);
}

}  // namespace

origin_rule::origin_rule(web_origin o) : named_{std::move(o)}, is_below_{named_.host[0] == '*'}
{
    if (is_below_) named_.host.erase(0, 1);
}

result<origin_rule> origin_rule::parse(std::string_view text)
{
    auto o = parse_origin(text);
    // `null` and `file://`, which have none of the parts that could be wrong.
    bool const is_hostless = o && o->host.empty();
    if (auto const f = is_hostless ? std::nullopt : fault_of(text))
        return error{fmt::format("{} {}", in_quotes(text), *f)};
    return origin_rule{std::move(*o)};
}

bool origin_rule::matches(web_origin const& o) const
{
    if (o.scheme != named_.scheme || o.port != named_.port) return false;
    // named_.host has its dot, so `notexample.org` does not end with it.
    if (!is_below_) return o.host == named_.host;
    return o.host.size() > named_.host.size() && o.host.ends_with(named_.host);
}

}  // namespace notify
