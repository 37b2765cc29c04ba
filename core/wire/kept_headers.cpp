// SPDX-License-Identifier: MIT
#include "wire/kept_headers.hpp"

#include "base/quoted.hpp"
#include "http/field_value.hpp"
#include "http/forwarded_client.hpp"

#include <boost/beast/core/string.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace notify {

namespace {

using fields = boost::beast::http::fields;

// Kept as they came. Nothing else is unless --web-app-header names it: each byte is kept for as
// long as the session.
constexpr std::string_view usual[] = {"Authorization", "User-Agent", "Accept-Language"};
// Written by kept_headers() itself, so they are passed over where the option names them.
constexpr std::string_view made_here[] = {"Cookie", "X-Forwarded-For", "X-Forwarded-Host",
                                          "X-Forwarded-Proto"};
// Headers that cannot be passed on: they are about the client's connection (RFC 9110
// section 7.6.1), about a body, or are the question's own. A conditional or ranged question would
// have no usable answer.
constexpr std::string_view never[] = {"Connection",
                                      "Proxy-Connection",
                                      "Keep-Alive",
                                      "TE",
                                      "Trailer",
                                      "Transfer-Encoding",
                                      "Upgrade",
                                      "Proxy-Authorization",
                                      "Host",
                                      "Content-Length",
                                      "Content-Type",
                                      "Content-Encoding",
                                      "Expect",
                                      "Accept",
                                      "Accept-Encoding",
                                      "Range",
                                      "If-Match",
                                      "If-None-Match",
                                      "If-Modified-Since",
                                      "If-Unmodified-Since",
                                      "If-Range",
                                      "Sec-WebSocket-Key",
                                      "Sec-WebSocket-Accept",
                                      "Sec-WebSocket-Version",
                                      "Sec-WebSocket-Protocol",
                                      "Sec-WebSocket-Extensions"};

// What only a proxy can know. From anybody else it would be a claim, and the web app would take it
// for a fact: X-Forwarded-User is a login with some proxies.
constexpr std::string_view of_proxies[] = {"Forwarded", "X-Real-IP", "X-Forwarded-Port",
                                           "X-Forwarded-Server", "X-Forwarded-User"};

template <class Names>
bool is_one_of(std::string_view name, Names const& names)
{
    return std::any_of(std::begin(names), std::end(names), [name](std::string_view n) {
        return boost::beast::iequals({n.data(), n.size()}, {name.data(), name.size()});
    });
}

void add_line(std::string& lines, std::string_view name, std::string_view value)
{
    // The parser refuses values with a line's end in them. Checked again, because here such a value
    // would begin a header that its sender chose.
    bool const is_one_line = value.find_first_of(std::string_view{"\r\n\0", 3}) == value.npos;
    if (!value.empty() && is_one_line) lines.append(name).append(": ").append(value).append("\r\n");
}

// In the spelling of `name`, whatever the client's was: handshake::header() compares exactly.
void add_all(std::string& lines, fields const& request, std::string_view name)
{
    auto const [first, last] = request.equal_range({name.data(), name.size()});
    for (auto f = first; f != last; ++f)
        add_line(lines, name, {f->value().data(), f->value().size()});
}

}  // namespace

result<std::string> parse_header_name(std::string_view text)
{
    if (!is_token(text))
        return error{fmt::format("{} is not the name of a header; write one such as X-Tenant",
                                 in_quotes(text))};
    if (is_one_of(text, never))
        return error{
            fmt::format("{} cannot be passed on: it belongs to the browser's own request", text)};
    return {boost::system::in_place_value, text};
}

bool names_user(fields const& request, header_names const& more)
{
    using boost::beast::http::field;
    return request.count(field::cookie) > 0 || request.count(field::authorization) > 0 ||
           std::any_of(more.begin(), more.end(),
                       [&](std::string const& name) { return request.count(name) > 0; });
}

eio::handshake kept_headers(fields const& request, boost::asio::ip::address const& peer,
                            origin_policy const& proxies, header_names const& more)
{
    if (!names_user(request, more)) return {};
    forwarded_client const from = client_behind(request, peer, proxies);
    bool const is_trusted = proxies.trusts(peer);
    std::string lines;
    add_line(lines, "Cookie", joined(request, "Cookie", "; "));
    for (std::string_view const name : usual) add_all(lines, request, name);
    for (std::string const& name : more)
        if (!is_one_of(name, usual) && !is_one_of(name, made_here) &&
            (is_trusted || !is_one_of(name, of_proxies)))
            add_all(lines, request, name);
    add_line(lines, "X-Forwarded-For", from.chain);
    add_line(lines, "X-Forwarded-Host", from.host);
    add_line(lines, "X-Forwarded-Proto", from.proto);
    return {lines, from.network};
}

}  // namespace notify
