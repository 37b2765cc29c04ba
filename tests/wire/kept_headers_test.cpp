// SPDX-License-Identifier: MIT
#include "wire/kept_headers.hpp"

#include "support/catch.hpp"
#include "support/header_fields.hpp"

using namespace notify;
using boost::asio::ip::make_address;
using notify::test::header_fields;
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
    fields const request = header_fields({{"Host", "site.example"},
                                          {"Accept-Language", "de,en;q=0.9"},
                                          {"User-Agent", "Mozilla/5.0 (X11)"},
                                          {"Accept-Encoding", "gzip"},
                                          {"Referer", "https://site.example/secret"},
                                          {"Cookie", "theme=\"a; b\"; sid=1"},
                                          {"Authorization", "Bearer x"},
                                          {"X-Forwarded-For", "203.0.113.9"},
                                          {"X-Forwarded-Proto", "https"}});
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
    fields const request = header_fields({{"Cookie", "a=1"}, {"cookie", "b=2; c=3"}});
    CHECK(kept(request) == "Cookie: a=1; b=2; c=3\r\n" + own_address);
}

TEST_CASE("of a request that names nobody nothing is kept", "[wire][unit]")
{
    fields const request = header_fields({{"User-Agent", "Mozilla/5.0"}, {"X-Tenant", "1"}});
    CHECK_FALSE(names_user(request, {}));
    CHECK(kept(request).empty());
    CHECK(names_user(request, {"x-tenant"}));
}

TEST_CASE("more headers are kept if that was wished, each once", "[wire][unit]")
{
    fields const request =
        header_fields({{"X-Tenant", "1"}, {"X-Odd", "2"}, {"User-Agent", "curl"}});
    CHECK(kept(request, {"X-Tenant", "user-agent", "x-forwarded-for", "cookie"}) ==
          "User-Agent: curl\r\nX-Tenant: 1\r\n" + own_address);
}

TEST_CASE("what only a proxy can know is kept if a trusted one says it", "[wire][unit]")
{
    fields const request = header_fields({{"Cookie", "a=1"}, {"X-Real-IP", "10.0.0.1"}});
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
