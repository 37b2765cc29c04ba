// SPDX-License-Identifier: MIT
#include "gateway/port_check.hpp"

#include "support/catch.hpp"

#include <cerrno>

using namespace notify;

namespace {

std::string why_not(int number, char const* address, std::uint16_t port, bool share = false)
{
    return cannot_listen({net::ip::make_address(address), port},
                         {number, boost::system::system_category()}, share);
}

}  // namespace

TEST_CASE("why the gateway cannot listen is said with what to do", "[gateway][unit]")
{
    CHECK(why_not(EADDRINUSE, "127.0.0.1", 3000) ==
          "cannot listen on 127.0.0.1:3000: Address already in use; stop what listens there, or "
          "choose another --port");
    CHECK(why_not(EADDRINUSE, "::1", 3000, true) ==
          "cannot listen on [::1]:3000: Address already in use; what listens there does not share "
          "it; choose another --port");
    CHECK_THAT(why_not(EADDRNOTAVAIL, "10.9.9.9", 3000),
               Catch::Contains("no address of this machine") && Catch::Contains("0.0.0.0"));
    CHECK_THAT(why_not(EACCES, "127.0.0.1", 80), Catch::Contains("CAP_NET_BIND_SERVICE"));
    CHECK_THAT(why_not(EAFNOSUPPORT, "::", 3000), Catch::Contains("no IPv6"));
}

TEST_CASE("an address that is not ours is found out before anything starts", "[gateway][unit]")
{
    tcp::endpoint const elsewhere{net::ip::make_address("192.0.2.1"), 0};  // for documentation
    CHECK_THROWS_WITH(check_port(elsewhere, false),
                      Catch::Contains("cannot listen on 192.0.2.1:0") &&
                          Catch::Contains("no address of this machine"));
    CHECK_THROWS(check_port(elsewhere, true));
    CHECK_NOTHROW(check_port({net::ip::address_v4::loopback(), 0}, false));
}

TEST_CASE("a port that another has is free to share only with one that shares it",
          "[gateway][unit]")
{
    net::io_context loop;
    tcp::acceptor other{loop, {net::ip::address_v4::loopback(), 0}};
    auto const at = other.local_endpoint();
    CHECK_THROWS_WITH(check_port(at, false), Catch::Contains("stop what listens there"));
    CHECK_THROWS_WITH(check_port(at, true), Catch::Contains("does not share it"));
}
