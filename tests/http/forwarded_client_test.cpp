// SPDX-License-Identifier: MIT
#include "http/forwarded_client.hpp"

#include "support/catch.hpp"
#include "support/header_fields.hpp"

using namespace notify;
using boost::asio::ip::make_address;
using notify::test::header_fields;
using fields = boost::beast::http::fields;

namespace {

struct proxies : origin_policy {
    proxies() { REQUIRE(trust_proxy("10.0.0.0/8")); }
};

forwarded_client seen(fields const& request, char const* peer = "127.0.0.1")
{
    return client_behind(request, make_address(peer), proxies{});
}

std::uint64_t network(char const* chain, char const* peer = "127.0.0.1")
{
    return seen(header_fields({{"X-Forwarded-For", chain}}), peer).network;
}

std::uint64_t network_of_peer(char const* peer) { return seen({}, peer).network; }

}  // namespace

TEST_CASE("what a trusted proxy says of the client is believed", "[http][unit]")
{
    fields const request = header_fields({{"Host", "gateway:3000"},
                                          {"X-Forwarded-For", "203.0.113.9, 10.1.1.1"},
                                          {"X-Forwarded-Host", "site.example"},
                                          {"X-Forwarded-Proto", "https"}});
    forwarded_client const f = seen(request);
    CHECK(f.chain == "203.0.113.9, 10.1.1.1");
    CHECK(f.host == "site.example");
    CHECK(f.proto == "https");
}

TEST_CASE("what anybody else says of the client is not", "[http][unit]")
{
    fields const request = header_fields({{"Host", "site.example:3000"},
                                          {"X-Forwarded-For", "1.1.1.1"},
                                          {"X-Forwarded-Host", "evil.example"},
                                          {"X-Forwarded-Proto", "https"}});
    forwarded_client const f = seen(request, "::ffff:203.0.113.9");
    CHECK(f.chain == "203.0.113.9");
    CHECK(f.host == "site.example:3000");
    CHECK(f.proto == "http");
    CHECK(f.network == network_of_peer("203.0.113.9"));
}

TEST_CASE("what no proxy says is what the gateway sees", "[http][unit]")
{
    fields const request = header_fields({{"Host", "localhost:3000"}});
    forwarded_client const f = seen(request);
    CHECK(f.chain == "127.0.0.1");
    CHECK(f.host == "localhost:3000");
    CHECK(f.proto == "http");
}

TEST_CASE("of a list the first host and the first scheme count", "[http][unit]")
{
    fields const request = header_fields(
        {{"X-Forwarded-Host", "site.example , inner"}, {"X-Forwarded-Proto", "https,http"}});
    CHECK(seen(request).host == "site.example");
    CHECK(seen(request).proto == "https");
}

TEST_CASE("a host or a scheme that comes twice is nobody's, and addresses are one list",
          "[http][unit]")
{
    fields request;
    for (auto const* const name : {"X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For"}) {
        request.insert(name, "a");
        request.insert(name, "b");
    }
    CHECK(seen(request).host.empty());
    CHECK(seen(request).proto.empty());
    CHECK(seen(request).chain == "a, b");
}

TEST_CASE("a WebSocket's scheme is said as that of a plain request", "[http][unit]")
{
    CHECK(seen(header_fields({{"X-Forwarded-Proto", "wss"}})).proto == "https");
    CHECK(seen(header_fields({{"X-Forwarded-Proto", "ws"}})).proto == "http");
}

TEST_CASE("a client's network is its nearest address that is no proxy's", "[http][unit]")
{
    auto const client = network_of_peer("203.0.113.9");
    CHECK(network("203.0.113.9") == client);
    CHECK(network("203.0.113.9, 10.1.1.1") == client);
    CHECK(network("1.1.1.1, 203.0.113.9") == client);  // the first is the client's own word
    CHECK(network("203.0.113.9:4711") == client);
    CHECK(network("::ffff:203.0.113.9") == client);
    CHECK(network("203.0.113.8") != client);
    CHECK(network("1.1.1.1", "203.0.113.9") == client);
    CHECK(network("nonsense", "10.1.1.1") == network_of_peer("10.1.1.1"));
    CHECK(network("[", "10.1.1.1") == network_of_peer("10.1.1.1"));
}

TEST_CASE("a client's network of IPv6 is a /64", "[http][unit]")
{
    auto const client = network_of_peer("2001:db8:1:2::1");
    CHECK(network("2001:db8:1:2:ffff::9") == client);
    CHECK(network("[2001:db8:1:2::5]:4711") == client);
    CHECK(network("2001:db8:1:3::1") != client);
}
