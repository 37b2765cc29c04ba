// SPDX-License-Identifier: MIT
#include "base/url_port.hpp"

#include "support/catch.hpp"

using notify::has_numeric_port;
using notify::port_text;

TEST_CASE("a port is what stands between the host's colon and the path", "[base][unit]")
{
    CHECK(port_text("http://a:80/b:c") == "80");
    CHECK(port_text("http://user:word@a:80?b@c:d") == "80");
    CHECK(port_text("http://[::1]:80#x") == "80");
    CHECK(port_text("http://[::1]") == "");
    CHECK(port_text("http://a") == "");
    CHECK(port_text("http://a:/") == "");
    CHECK(port_text("a:80") == "80");
    CHECK(port_text("http://[::1") == "");
    CHECK(port_text("") == "");
}

TEST_CASE("a port that is not made of digits is no number, wherever the parser ends it",
          "[base][unit]")
{
    CHECK(has_numeric_port("http://a:80/x"));
    CHECK(has_numeric_port("http://a/x"));
    CHECK_FALSE(has_numeric_port("http://a:12x"));
    CHECK_FALSE(has_numeric_port("http://a:x/"));
    CHECK_FALSE(has_numeric_port("redis://:secret@host:port"));
}
