// SPDX-License-Identifier: MIT
#include "http/origin_rule.hpp"

#include "support/catch.hpp"

#include <string>
#include <string_view>

using notify::origin_rule;
using notify::parse_origin;

namespace {

// Whether --allow-origin with this rule lets pages of this origin in.
bool lets_in(std::string_view rule, std::string_view origin)
{
    auto const r = origin_rule::parse(rule);
    INFO(rule);
    REQUIRE(r.has_value());
    auto const o = parse_origin(origin);
    return o && r->matches(*o);
}

std::string why_refused(std::string_view rule)
{
    auto const r = origin_rule::parse(rule);
    return r ? "" : r.error().message;
}

}  // namespace

TEST_CASE("an origin is the same with and without its scheme's port, in any letter case",
          "[http][unit]")
{
    CHECK(lets_in("https://example.org:443", "https://example.org"));
    CHECK(lets_in("https://example.org", "https://example.org:443"));
    CHECK(lets_in("http://example.org:80", "http://example.org"));
    CHECK(lets_in("HTTPS://Example.ORG", "https://example.org"));
    CHECK_FALSE(lets_in("http://example.org:443", "http://example.org"));
    CHECK_FALSE(lets_in("http://example.org", "https://example.org"));
    CHECK_FALSE(lets_in("https://example.org:8443", "https://example.org"));
    CHECK_FALSE(lets_in("https://example.org", "https://www.example.org"));
    CHECK(lets_in("http://127.0.0.1:8000", "http://127.0.0.1:8000"));
    CHECK(lets_in("http://[::1]:3000", "http://[::1]:3000"));
}

TEST_CASE("a star stands for one label or more before a name", "[http][unit]")
{
    CHECK(lets_in("https://*.example.org", "https://shop.example.org"));
    CHECK(lets_in("https://*.example.org", "https://a.b.example.org"));
    CHECK(lets_in("https://*.example.org:8443", "https://shop.example.org:8443"));
    CHECK(lets_in("https://*.example.org:443", "https://shop.example.org"));
    for (auto const origin :
         {"https://example.org", "https://.example.org", "https://evil-example.org",
          "https://evilexample.org", "https://example.org.evil.example",
          "https://shop.example.org.evil.example", "http://shop.example.org",
          "https://shop.example.org:8443", "https://shop.example.org/",
          "https://evil.example?.example.org", "https://evil.example/.example.org",
          "https://u@shop.example.org", "null", ""}) {
        CAPTURE(origin);
        CHECK_FALSE(lets_in("https://*.example.org", origin));
    }
}

TEST_CASE("pages without a host, and those of apps, may be named", "[http][unit]")
{
    CHECK(lets_in("null", "null"));
    CHECK(lets_in("file://", "file://"));
    CHECK_FALSE(lets_in("null", "file://"));
    CHECK_FALSE(lets_in("null", "https://null"));
    for (auto const origin :
         {"capacitor://localhost", "ionic://localhost", "app://.", "tauri://localhost",
          "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
          "moz-extension://0d6a4b2c-1111-4222-8333-444455556666"}) {
        CAPTURE(origin);
        CHECK(lets_in(origin, origin));
        CHECK_FALSE(lets_in(origin, "https://localhost"));
    }
}

TEST_CASE("what no browser sends is refused, with what to write", "[http][unit]")
{
    struct {
        char const* text;
        char const* advice;
    } const cases[] = {
        {"", "is empty; write it as browsers send it, such as https://example.org"},
        {"example.org", "write https://example.org, or http://example.org"},
        {"localhost:3000", "write https://localhost:3000, or http://localhost:3000"},
        {"*.example.org", "write https://*.example.org, or http://*.example.org"},
        {"NULL", "has no scheme"},
        {"https://example.org/",
         "has a path, if only a slash, which no origin has; write https://example.org"},
        {"https://example.org:8443/app?x#y", "write https://example.org:8443"},
        {"https://example.org?x", "write https://example.org"},
        {"https://u:p@example.org/x",
         "names a user, which no origin does; write https://example.org"},
        {"https://", "names no host"},
        {"https:///x", "names no host"},
        {"https://:443", "is not an origin"},
        {"https://example.org:99999", "is not an origin"},
        {"https://example.org:x", "is not an origin"},
        {"wss://example.org", "write that of the page, https://example.org"},
        {"ws://example.org:80", "write that of the page, http://example.org:80"},
        {"file:///home/me/page.html", "names no host"},
        {"file://server", "names a file; browsers send null"},
        {"https://*", "write https://*.example.org for all below a name, or *"},
        {"https://*.", "has a * that is not the first label"},
        {"https://a.*.example.org", "has a * that is not the first label"},
        {"https://*.*.example.org", "has a * that is not the first label"},
        {"https://*shop.example.org", "has a * that is not the first label"},
        {"https://.example.org", "begins with a dot; write https://*.example.org"},
        {"https://*..example.org", "has no host name"},
        {"https://.", "has no host name"},
        {"app://*.", "has a * that is not the first label"},
        {"https://a..example.org", "has no host name"},
        {"https://a%20b", "has no host name"},
        {"https://b\xc3\xbc"
         "cher.example",
         "in punycode: write https://xn--"},
        {"https://a.example,https://b.example", "once for each"},
        {"https://a.example https://b.example", "once for each"},
        {"https://a.example\n", "once for each"},
        {"http://127.1", "has no address as browsers send it"},
        {"http://127.0.0.01", "has no address as browsers send it"},
        {"http://[0:0::1]", "has no address as browsers send it"},
        {"http://*.127.0.0.1", "has no address as browsers send it"},
    };
    for (auto const& c : cases) {
        CAPTURE(c.text);
        auto const why = why_refused(c.text);
        CAPTURE(why);
        CHECK(why.find(c.advice) != why.npos);
    }
}
