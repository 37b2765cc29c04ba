// SPDX-License-Identifier: MIT
#include "http/request_rules.hpp"

#include "http/host.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>

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

// Codings that HTTP has, and that are not supported here. A request with one of them is not
// malformed, so it is refused with 501 and not with 400.
bool is_known_coding(std::string_view name)
{
    constexpr std::string_view known[] = {"gzip", "x-gzip", "deflate", "compress", "x-compress"};
    return std::any_of(std::begin(known), std::end(known),
                       [&](std::string_view k) { return boost::beast::iequals(name, k); });
}

// RFC 9112 section 6.1. A body that is not chunked in the end has no length; one that is chunked
// and more would have to be decoded first. Several lines, or one in HTTP/1.0, are what proxies read
// in different ways: that is how requests are smuggled. A Content-Length beside it is Beast's to
// refuse.
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

}  // namespace

std::optional<http_refusal> reason_to_refuse(request const& r)
{
    if (!has_good_host(r)) return http_refusal::bad_host;
    if (auto const fault = fault_of_coding(r)) return fault;
    if (r.method() == http::verb::unknown) return http_refusal::unknown_method;
    return std::nullopt;
}

}  // namespace notify
