// SPDX-License-Identifier: MIT
#include "wire/kept_headers.hpp"

#include "support/catch.hpp"

using namespace notify;
using boost::asio::ip::make_address;
using fields = boost::beast::http::fields;

namespace {

std::string kept(fields const& request, header_names const& more = {},
                 char const* peer = "127.0.0.1")
{
    return std::string{kept_headers(request, make_address(peer), {}, more).headers()};
}

std::string const own_address = "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\n";

}  // namespace

TEST_CASE("the headers by which a site knows its user are kept as they came", "[wire][unit]")
{
    fields request;
    request.set("Host", "site.example");
    request.set("Accept-Language", "de,en;q=0.9");
    request.set("User-Agent", "Mozilla/5.0 (X11)");
    request.set("Accept-Encoding", "gzip");
    request.set("Referer", "https://site.example/secret");
    request.set("Cookie", "theme=\"a; b\"; sid=1");
    request.set("Authorization", "Bearer x");
    request.set("X-Forwarded-For", "203.0.113.9");
    request.set("X-Forwarded-Proto", "https");
    CHECK(kept(request) == "Cookie: theme=\"a; b\"; sid=1\r\n"
                           "Authorization: Bearer x\r\n"
                           "User-Agent: Mozilla/5.0 (X11)\r\n"
                           "Accept-Language: de,en;q=0.9\r\n"
                           "X-Forwarded-For: 203.0.113.9\r\n"
                           "X-Forwarded-Host: site.example\r\n"
                           "X-Forwarded-Proto: https\r\n");
}

TEST_CASE("cookies in several lines are one list", "[wire][unit]")
{
    fields request;
    request.insert("Cookie", "a=1");
    request.insert("cookie", "b=2; c=3");
    CHECK(kept(request) == "Cookie: a=1; b=2; c=3\r\n" + own_address);
}

TEST_CASE("of a request that names nobody nothing is kept", "[wire][unit]")
{
    fields request;
    request.set("User-Agent", "Mozilla/5.0");
    request.set("X-Tenant", "1");
    CHECK_FALSE(names_user(request, {}));
    CHECK(kept(request).empty());
    CHECK(names_user(request, {"x-tenant"}));
}

TEST_CASE("more headers are kept if that was wished, each once", "[wire][unit]")
{
    fields request;
    request.set("X-Tenant", "1");
    request.set("X-Odd", "2");
    request.set("User-Agent", "curl");
    CHECK(kept(request, {"X-Tenant", "user-agent", "x-forwarded-for", "cookie"}) ==
          "User-Agent: curl\r\nX-Tenant: 1\r\n" + own_address);
}

TEST_CASE("what only a proxy can know is kept if a trusted one says it", "[wire][unit]")
{
    fields request;
    request.set("Cookie", "a=1");
    request.set("X-Real-IP", "10.0.0.1");
    CHECK_THAT(kept(request, {"X-Real-IP"}), Catch::Contains("X-Real-IP: 10.0.0.1\r\n"));
    CHECK_THAT(kept(request, {"X-Real-IP"}, "203.0.113.9"), !Catch::Contains("X-Real-IP"));
}

TEST_CASE("a name that cannot be passed on is refused", "[wire][unit]")
{
    CHECK(parse_header_name("X-Tenant").value() == "X-Tenant");
    auto const name =
        GENERATE(as<std::string>{}, "", "X Tenant", "X-Tenant:", "X\r\nY", "Ü", "Host", "host",
                 "Content-Length", "Connection", "transfer-encoding", "Upgrade", "TE",
                 "Accept-Encoding", "Sec-WebSocket-Key", "If-None-Match");
    CAPTURE(name);
    CHECK_FALSE(parse_header_name(name).has_value());
}
