// SPDX-License-Identifier: MIT
#include "http/origin_policy.hpp"

#include "support/catch.hpp"

using boost::asio::ip::make_address;
using notify::origin_policy;

namespace {

auto const stranger = make_address("203.0.113.1");
auto const loopback = make_address("::1");

}  // namespace

TEST_CASE("a request without an origin is allowed: it is no browser", "[http][unit]")
{
    CHECK(origin_policy{}.allows("", "site.example", "", stranger));
}

TEST_CASE("a page of the same host name is allowed, whatever the ports and letter case",
          "[http][unit]")
{
    origin_policy const policy;
    CHECK(policy.allows("https://site.example", "site.example", "", stranger));
    CHECK(policy.allows("https://Site.Example:8443", "site.example:3000", "", stranger));
    CHECK(policy.allows("http://[::1]:3333", "[::1]:3000", "", loopback));
}

TEST_CASE("a name that begins like an address is another host", "[http][unit]")
{
    origin_policy const policy;
    CHECK(policy.allows("http://10.0.0.1.nip.example", "10.0.0.1.nip.example:3000", "", loopback));
    CHECK_FALSE(policy.allows("http://10.0.0.1.evil.example", "10.0.0.1", "", loopback));
}

TEST_CASE("a page of another host name is refused", "[http][unit]")
{
    origin_policy const policy;
    auto const origin =
        GENERATE(as<std::string>{}, "https://evil.example", "https://site.example.evil.example",
                 "https://evilsite.example", "null", "https://", "https://site.example/path",
                 "https://user@site.example", "site.example", "https://site.example evil", "*",
                 "javascript:alert(1)", "https://site.example?x", "https://site.example#x");
    CAPTURE(origin);
    CHECK_FALSE(policy.allows(origin, "site.example", "", stranger));
}

TEST_CASE("a host that is none allows nobody", "[http][unit]")
{
    origin_policy const policy;
    CHECK_FALSE(policy.allows("https://site.example", "", "", stranger));
    CHECK_FALSE(policy.allows("https://site.example", "site.example/x", "", stranger));
}

TEST_CASE("X-Forwarded-Host is believed from trusted proxies only", "[http][unit]")
{
    origin_policy policy;
    REQUIRE(policy.trust_proxy("10.1.0.0/16"));
    REQUIRE(policy.trust_proxy("2001:db8::7"));
    auto const asked_by = [&](char const* remote) {
        return policy.allows("https://site.example", "gateway:3000", "site.example",
                             make_address(remote));
    };
    CHECK(asked_by("127.0.0.1"));
    CHECK(asked_by("::1"));
    CHECK(asked_by("10.1.255.1"));
    CHECK(asked_by("::ffff:10.1.2.3"));
    CHECK(asked_by("2001:db8::7"));
    CHECK_FALSE(asked_by("10.2.0.1"));
    CHECK_FALSE(asked_by("2001:db8::8"));
}

TEST_CASE("origins that were named are allowed, and no others", "[http][unit]")
{
    origin_policy policy;
    REQUIRE(policy.allow("https://App.example:8443"));
    CHECK(policy.allows("https://app.example:8443", "gw.example", "", stranger));
    CHECK_FALSE(policy.allows("https://app.example", "gw.example", "", stranger));
    CHECK_FALSE(policy.allows("http://app.example:8443", "gw.example", "", stranger));
}

TEST_CASE("a star allows every origin", "[http][unit]")
{
    origin_policy policy;
    REQUIRE(policy.allow("*"));
    CHECK(policy.allows("https://any.example", "gw.example", "", stranger));
}

TEST_CASE("what is not an origin cannot be allowed", "[http][unit]")
{
    origin_policy policy;
    auto const text = GENERATE(as<std::string>{}, "", "example.org", "https://", "https://a/b",
                               "https://a b", "null", "https://u@a");
    CAPTURE(text);
    CHECK_FALSE(policy.allow(text));
}

TEST_CASE("what is not an address or network cannot be trusted", "[http][unit]")
{
    origin_policy policy;
    auto const text = GENERATE(as<std::string>{}, "", "proxy", "10.0.0.0/33", "::/129", "10.0.0.0/",
                               "10.0.0.0/x", "10.0.0.0/8x", "10.0.0/8", "/8", "10.0.0.0/-1");
    CAPTURE(text);
    CHECK_FALSE(policy.trust_proxy(text));
}
