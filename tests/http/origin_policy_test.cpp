// SPDX-License-Identifier: MIT
#include "http/origin_policy.hpp"

#include "support/catch.hpp"

#include <string>

using boost::asio::ip::make_address;
using notify::origin_policy;

namespace {

auto const stranger = make_address("203.0.113.1");
auto const loopback = make_address("::1");

}  // namespace

TEST_CASE("a request without an origin is allowed: it is no browser", "[http][unit]")
{
    CHECK(origin_policy{}.allows({"", "site.example"}, stranger));
}

TEST_CASE("a page of the same host name is allowed, whatever the ports and letter case",
          "[http][unit]")
{
    origin_policy const policy;
    CHECK(policy.allows({"https://site.example", "site.example"}, stranger));
    CHECK(policy.allows({"https://Site.Example:8443", "site.example:3000"}, stranger));
    CHECK(policy.allows({"http://[::1]:3333", "[::1]:3000"}, loopback));
}

TEST_CASE("a name that begins like an address is another host", "[http][unit]")
{
    origin_policy const policy;
    CHECK(policy.allows({"http://10.0.0.1.nip.example", "10.0.0.1.nip.example:3000"}, loopback));
    CHECK_FALSE(policy.allows({"http://10.0.0.1.evil.example", "10.0.0.1"}, loopback));
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
    CHECK_FALSE(policy.allows({origin, "site.example"}, stranger));
}

TEST_CASE("a host that is none allows nobody", "[http][unit]")
{
    origin_policy const policy;
    CHECK_FALSE(policy.allows({"https://site.example", ""}, stranger));
    CHECK_FALSE(policy.allows({"https://site.example", "site.example/x"}, stranger));
}

TEST_CASE("X-Forwarded-Host is believed from trusted proxies only", "[http][unit]")
{
    origin_policy policy;
    REQUIRE(policy.trust_proxy("10.1.0.0/16"));
    REQUIRE(policy.trust_proxy("2001:db8::7"));
    auto const asked_by = [&](char const* remote) {
        return policy.allows({"https://site.example", "gateway:3000", "site.example"},
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

TEST_CASE("of several hosts that trusted proxies say, the first counts", "[http][unit]")
{
    origin_policy const policy;
    auto const asked = [&](char const* hosts) {
        return policy.allows({"https://site.example", "gateway:3000", hosts},
                             make_address("127.0.0.1"));
    };
    CHECK(asked("site.example, inner.example"));
    CHECK(asked("site.example:8443 ,inner.example"));
    CHECK_FALSE(asked("inner.example, site.example"));
}

TEST_CASE("where a trusted proxy says https, a page by http is another one", "[http][unit]")
{
    origin_policy const policy;
    auto const asked = [&](char const* origin, char const* proto, auto const& remote) {
        return policy.allows({origin, "gateway:3000", "site.example", proto}, remote);
    };
    for (auto const https : {"https", "HTTPS", "wss", "https, http", " https "}) {
        CAPTURE(https);
        CHECK(asked("https://site.example", https, loopback));
        CHECK_FALSE(asked("http://site.example", https, loopback));
        CHECK_FALSE(asked("app://site.example", https, loopback));
    }
    for (auto const http : {"", "http", "ws", "http, https"}) {
        CAPTURE(http);
        CHECK(asked("http://site.example", http, loopback));
        CHECK(asked("https://site.example", http, loopback));  // TLS ended before that proxy
    }
    CHECK(policy.allows({"http://site.example", "site.example", "", "https"}, stranger));
    CHECK_FALSE(policy.allows({"http://site.example", "site.example", "", "https"}, loopback));
}

TEST_CASE("origins that were named are allowed, and no others", "[http][unit]")
{
    origin_policy policy;
    REQUIRE(policy.allow("https://App.example:8443"));
    CHECK(policy.allows({"https://app.example:8443", "gw.example"}, stranger));
    CHECK_FALSE(policy.allows({"https://app.example", "gw.example"}, stranger));
    CHECK_FALSE(policy.allows({"http://app.example:8443", "gw.example"}, stranger));
}

TEST_CASE("an origin that was named is allowed whatever the proxy says", "[http][unit]")
{
    origin_policy policy;
    REQUIRE(policy.allow("http://site.example"));
    CHECK(policy.allows({"http://site.example", "site.example", "", "https"}, loopback));
}

TEST_CASE("a page that is refused is named with what it was compared with", "[http][unit]")
{
    origin_policy const policy;
    CHECK(policy.reason_to_refuse({"https://a.example", "gw:3000", "b.example"}, stranger) ==
          R"(the origin "https://a.example" is not that of the host "gw:3000"; )"
          "if its pages may speak for your users: --allow-origin https://a.example");
    CHECK(
        policy.reason_to_refuse({"http://b.example", "gw:3000", "b.example", "https"}, loopback) ==
        R"(the origin "http://b.example" is not that of the host "b.example" by https; )"
        "if its pages may speak for your users: --allow-origin http://b.example");
    CHECK(policy.reason_to_refuse({"x\x1b[2J\n$(reboot)", "h\r"}, stranger) ==
          R"_(the origin "x\e[2J\n$(reboot)" is not that of the host "h\r")_");
    std::string const long_one = "https://" + std::string(10'000, 'a');
    CHECK(policy.reason_to_refuse({long_one, long_one}, stranger).size() < 300);
}

TEST_CASE("a star allows every origin", "[http][unit]")
{
    origin_policy policy;
    REQUIRE(policy.allow("*"));
    CHECK(policy.allows({"https://any.example", "gw.example"}, stranger));
}

TEST_CASE("what is not an origin cannot be allowed", "[http][unit]")
{
    origin_policy policy;
    auto const text = GENERATE(as<std::string>{}, "", "example.org", "https://", "https://a/b",
                               "https://a b", "https://u@a");
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
