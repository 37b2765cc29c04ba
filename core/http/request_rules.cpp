// SPDX-License-Identifier: MIT
#include "http/request_rules.hpp"

#include "http/host.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
#include <string_view>

namespace notify {

namespace {

namespace http = boost::beast::http;
using request = request_parser::value_type;

// RFC 9112 section 3.2: exactly one, and valid. Before HTTP/1.1 there need be none.
bool has_good_host(request const& r)
{
    auto const count = r.count(http::field::host);
    if (count == 0) return r.version() < 11;
    return count == 1 && host_of_authority(r[http::field::host]);
}

bool is_known_coding(std::string_view name)
{
    constexpr std::string_view known[] = {"gzip", "x-gzip", "deflate", "compress", "x-compress"};
    return std::any_of(std::begin(known), std::end(known),
                       [&](std::string_view k) { return boost::beast::iequals(name, k); });
}

// RFC 9112 section 6.1: what is not chunked in the end has no length; what is
// chunked and more would have to be decoded first.
std::optional<http_refusal> fault_of_coding(request const& r)
{
    auto const count = r.count(http::field::transfer_encoding);
    if (count == 0) return std::nullopt;
    std::string_view const coding = r[http::field::transfer_encoding];
    if (count > 1 || r.version() < 11) return http_refusal::bad_framing;
    if (boost::beast::iequals(coding, "chunked")) return std::nullopt;
    std::string_view last;
    bool known = true;
    for (auto const& [name, params] : http::ext_list{coding}) {
        last = name;
        known = known && (is_known_coding(name) || boost::beast::iequals(name, "chunked"));
    }
    if (!boost::beast::iequals(last, "chunked")) return http_refusal::bad_framing;
    return known ? http_refusal::unknown_coding : http_refusal::bad_framing;
}

// The base64 of 16 bytes.
bool is_key(std::string_view key)
{
    auto const digit = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '+' || c == '/';
    };
    return key.size() == 24 && key.ends_with("==") &&
           std::all_of(key.begin(), key.end() - 2, digit);
}

bool is_token(std::string_view text)
{
    auto const fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

std::string_view without_blanks(std::string_view text)
{
    constexpr std::string_view blanks = " \t";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

// The first of a list of tokens; nothing if there is anything else in it.
std::optional<std::string_view> first_token(std::string_view list)
{
    std::optional<std::string_view> first;
    for (bool more = true; more;) {
        std::size_t const comma = list.find(',');
        more = comma != list.npos;
        std::string_view const token = without_blanks(list.substr(0, comma));
        if (!is_token(token)) return std::nullopt;
        if (!first) first = token;
        if (more) list.remove_prefix(comma + 1);
    }
    return first;
}

}  // namespace

std::optional<std::string_view> offered_subprotocol(request const& r)
{
    std::optional<std::string_view> first;
    auto const [begin, end] = r.equal_range(http::field::sec_websocket_protocol);
    for (auto line = begin; line != end; ++line) {
        auto const token = first_token(line->value());
        if (!token) return std::nullopt;
        if (!first) first = token;
    }
    return first.value_or("");
}

std::optional<http_refusal> reason_to_refuse(request const& r)
{
    if (!has_good_host(r)) return http_refusal::bad_host;
    if (auto const fault = fault_of_coding(r)) return fault;
    if (r.method() == http::verb::unknown) return http_refusal::unknown_method;
    return std::nullopt;
}

bool is_handshake(request const& r)
{
    std::string_view const length = r[http::field::content_length];
    bool const has_body =
        r.count(http::field::transfer_encoding) > 0 || length.find_first_not_of('0') != length.npos;
    return boost::beast::websocket::is_upgrade(r) && r.version() == 11 && !has_body &&
           r.count(http::field::sec_websocket_key) == 1 &&
           is_key(r[http::field::sec_websocket_key]) &&
           r.count(http::field::sec_websocket_version) == 1 && offered_subprotocol(r);
}

}  // namespace notify
