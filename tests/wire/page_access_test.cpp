// SPDX-License-Identifier: MIT
//
// Which pages may ask, and which may read the answer, as the endpoint does it. Which origin is
// which is tested in tests/http/origin_policy_test.cpp.
#include "wire/page_access.hpp"

#include "support/catch.hpp"
#include "wire/wire_shard.hpp"

#include <tuple>

using namespace notify;
using namespace notify::test;

namespace {

constexpr char own_page[] = "https://site.example:8443";
constexpr char evil_page[] = "https://evil.example";
std::string const cookie = "Cookie: sid=1\r\n";
std::string const polling = "EIO=4&transport=polling";
std::string const websocket = "EIO=4&transport=websocket";

std::string from(std::string const& origin) { return "Origin: " + origin + "\r\n"; }

// The statuses of a handshake by polling and by WebSocket.
std::pair<unsigned, unsigned> statuses(wire_shard& shard, std::string const& headers,
                                       char const* peer = "127.0.0.1")
{
    return {shard.ask({polling, headers}, peer).status,
            shard.ask({websocket, websocket_headers + headers}, peer).status};
}

std::pair<unsigned, unsigned> const served{200, 101};
std::pair<unsigned, unsigned> const refused{403, 403};

void check_is_readable(wire_answer const& a, std::string const& origin)
{
    CHECK(a.header("Access-Control-Allow-Origin") == origin);
    CHECK(a.header("Access-Control-Allow-Credentials") == (origin.empty() ? "" : "true"));
    CHECK(a.header("Vary") == (origin.empty() ? "" : "Origin"));
}

// Answers of all kinds to a request with these headers.
std::vector<wire_answer> all_answers(wire_shard& shard, std::string const& headers)
{
    std::string const own = shard.open();
    return {
        shard.ask({polling, headers}),
        shard.ask({own, headers, "POST", "4x"}),
        shard.ask({own, headers, "PUT"}),
        shard.ask({polling + "&transport=x", headers}),
        shard.ask({polling + "&sid=nobody", headers}),
        shard.ask({polling, headers, "POST"}),
        shard.ask({polling, headers + "Access-Control-Request-Method: POST\r\n", "OPTIONS"}),
        shard.ask({polling, headers + cookie}),
    };
}

}  // namespace

TEST_CASE("a page of another site is refused, with cookies or without", "[wire][unit]")
{
    auto const origin = GENERATE(as<std::string>{}, evil_page, "https://site.example.evil.example",
                                 "null", "http://", "garbage", "file://",
                                 "http://user@site.example", "http://site.example/path");
    auto const sent = GENERATE(as<std::string>{}, "", "Cookie: sid=1\r\n");
    CAPTURE(origin, sent);
    wire_shard shard;
    CHECK(statuses(shard, from(origin) + sent) == refused);
    auto const a = shard.ask({polling, from(origin) + sent});
    CHECK(a.body == R"({"code":4,"message":"Forbidden"})");
    check_is_readable(a, "");
    CHECK(shard.http.refused[http_refusal::bad_origin] == 3);
    CHECK(shard.sessions.sessions.size() == 0);
}

TEST_CASE("a page of the same host is served, whatever its port", "[wire][unit]")
{
    wire_shard shard;
    auto const origin = GENERATE(as<std::string>{}, "http://site.example",
                                 "http://site.example:8080", "https://SITE.example");
    CHECK(statuses(shard, from(origin) + cookie) == served);
    CHECK(statuses(shard, from(origin)) == served);
}

TEST_CASE("no origin, as of curl, is served, and says nothing of readers", "[wire][unit]")
{
    wire_shard shard;
    CHECK(statuses(shard, cookie) == served);
    check_is_readable(shard.ask({polling, cookie}), "");
}

TEST_CASE("two origins are none that may ask", "[wire][unit]")
{
    wire_shard shard;
    CHECK(statuses(shard, from(own_page) + from(own_page)) == refused);
}

TEST_CASE("a page of the same host may read whatever it is answered", "[wire][unit]")
{
    wire_shard shard;
    for (wire_answer const& a : all_answers(shard, from(own_page))) {
        CAPTURE(a.head);
        CHECK(a.status != 0);
        check_is_readable(a, own_page);
    }
}

TEST_CASE("a page of another site may read nothing that it is answered", "[wire][unit]")
{
    wire_shard shard;
    auto const origin = GENERATE(as<std::string>{}, evil_page, "null");
    for (wire_answer const& a : all_answers(shard, from(origin))) {
        CAPTURE(a.head);
        CHECK(a.status != 0);
        CHECK_THAT(a.head, !Catch::Contains("Access-Control"));
    }
}

TEST_CASE("a preflight names what an allowed page may send", "[wire][unit]")
{
    wire_shard shard;
    REQUIRE(shard.origins.allow("https://good.example"));
    std::string const wanted = "Access-Control-Request-Headers: x-test\r\n";
    auto const a = shard.ask({polling, from("https://good.example") + wanted, "OPTIONS"});
    CHECK(a.status == 204);
    check_is_readable(a, "https://good.example");
    CHECK(a.header("Access-Control-Allow-Methods") == "GET, POST");
    CHECK(a.header("Access-Control-Allow-Headers") == "x-test");
    CHECK(shard.ask({polling, from(evil_page) + wanted, "OPTIONS"}).status == 403);
    auto const none = shard.ask({polling, wanted, "OPTIONS"});
    CHECK(none.status == 204);
    CHECK(none.header("Access-Control-Allow-Methods").empty());
}

TEST_CASE("origins that were named are let in, and no others", "[wire][unit]")
{
    wire_shard shard;
    for (auto const rule : {"https://good.example", "https://also.example:8443",
                            "https://*.below.example", "capacitor://localhost", "null"})
        REQUIRE(shard.origins.allow(rule));
    for (auto const origin :
         {"https://good.example", "https://GOOD.example", "https://also.example:8443",
          "https://a.b.below.example", "capacitor://localhost", "null"}) {
        CAPTURE(origin);
        CHECK(statuses(shard, from(origin) + cookie) == served);
    }
    for (auto const origin : {"http://good.example", "https://good.example:444",
                              "https://also.example", "https://x.good.example",
                              "https://below.example", "https://evil-below.example", "file://"}) {
        CAPTURE(origin);
        CHECK(statuses(shard, from(origin) + cookie) == refused);
    }
}

TEST_CASE("what a proxy says of the host and the scheme counts if it is one of ours",
          "[wire][unit]")
{
    wire_shard shard;
    REQUIRE(shard.origins.trust_proxy("203.0.113.0/24"));
    std::string const said = "Host: gateway:3000\r\nX-Forwarded-Host: site.example\r\n" + cookie;
    for (auto const peer : {"127.0.0.1", "203.0.113.9"})
        CHECK(statuses(shard, said + from("http://site.example"), peer) == served);
    CHECK(statuses(shard, said + from("http://site.example"), "198.51.100.7") == refused);
    for (auto const proto : {"https", "https, http", "wss"}) {
        CAPTURE(proto);
        std::string const by = said + "X-Forwarded-Proto: " + proto + "\r\n";
        CHECK(statuses(shard, by + from("http://site.example")) == refused);
        CHECK(statuses(shard, by + from("https://site.example")) == served);
    }
    for (auto const proto : {"", "http"}) {
        std::string const by = said + "X-Forwarded-Proto: " + proto + "\r\n";
        for (auto const scheme : {"http", "https"})
            CHECK(statuses(shard, by + from(std::string{scheme} + "://site.example")) == served);
    }
    CHECK(statuses(shard, said + "X-Forwarded-Host: site.example\r\n" +
                              from("http://site.example")) == refused);  // one of the two is a lie
}

TEST_CASE("the log has the newest origin that was refused, and nothing of who sends none",
          "[wire][unit]")
{
    wire_shard shard;
    shard.ask({polling, from("https://first.example")});
    shard.ask({polling, from("https://shop.example")});
    CHECK_THAT(
        shard.http.newest_bad_origin,
        Catch::Contains(R"("https://shop.example" is not that of the host "site.example")") &&
            Catch::Contains("--allow-origin https://shop.example"));
    shard.ask({polling, "Sec-Fetch-Site: cross-site\r\n" + cookie});
    CHECK(shard.http.newest_bad_origin.empty());
}

TEST_CASE("an image of another site's page opens no session with its visitor's cookies",
          "[wire][unit]")
{
    wire_shard shard;
    auto const [site, is_foreign] = GENERATE(table<std::string, bool>(
        {{"cross-site", true}, {"same-site", true}, {"same-origin", false}, {"none", false}}));
    CAPTURE(site);
    std::string const header = "Sec-Fetch-Site: " + site + "\r\n";
    CHECK(shard.ask({polling, header + cookie}).status == (is_foreign ? 403u : 200u));
    CHECK(shard.ask({polling, header}).status == 200);                    // it speaks for nobody
    CHECK(shard.ask({polling + "&j=1", header + cookie}).status == 200);  // nor does a script
    CHECK(shard.ask({polling, header + cookie + from(own_page)}).status == 200);
}

TEST_CASE("a session that speaks for a user is not a foreign page's, nor a script's",
          "[wire][unit]")
{
    wire_shard shard;
    std::string const query = shard.open(cookie);
    std::string const upgrade = websocket + query.substr(query.find("&sid="));
    for (auto const& sent : {cookie, std::string{}}) {
        CHECK(shard.ask({query, from(evil_page) + sent}).status == 403);
        CHECK(shard.ask({query, from(evil_page) + sent, "POST", "1"}).status == 403);
        CHECK(shard.ask({upgrade, websocket_headers + from(evil_page) + sent}).status == 403);
        CHECK(shard.ask({query + "&j=0", sent}).status == 403);
        CHECK(shard.ask({query + "&j=0", sent, "POST", "d=1"}).status == 403);
    }
    CHECK(shard.only().open());
    CHECK(shard.ask({query, cookie + from(own_page), "POST", "4x"}).body == "ok");
}

TEST_CASE("a session that speaks for nobody may be a script's", "[wire][unit]")
{
    wire_shard shard;
    std::string const query = shard.open(from(evil_page), polling + "&j=2");
    CHECK(shard.ask({query, from(evil_page), "POST", "d=4x"}).body == "ok");
    CHECK(shard.application.log == std::vector<std::string>{"text x"});
}
