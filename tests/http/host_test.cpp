// SPDX-License-Identifier: MIT
#include "http/host.hpp"

#include "support/catch.hpp"

#include <string>
#include <utility>

using notify::host_of_authority;
using notify::host_of_origin;

TEST_CASE("the host of an authority is what comes before its port, in lower case", "[http][unit]")
{
    auto const [authority, host] = GENERATE(
        table<std::string, std::string>({{"site.example", "site.example"},
                                         {"Site.Example:3000", "site.example"},
                                         {"site.example:", "site.example"},
                                         {"10.0.0.1:80", "10.0.0.1"},
                                         {"10.0.0.1.nip.example:80", "10.0.0.1.nip.example"},
                                         {"[::1]", "[::1]"},
                                         {"[::FFFF:10.0.0.1]:80", "[::ffff:10.0.0.1]"},
                                         {"xn--bcher-kva.example", "xn--bcher-kva.example"},
                                         {"", ""},
                                         {":80", ""}}));
    CAPTURE(authority);
    CHECK(host_of_authority(authority) == host);
}

TEST_CASE("what is more or less than host and port has no host", "[http][unit]")
{
    auto const text =
        GENERATE(as<std::string>{}, "a b", "a/b", "a?b", "a#b", "a@b", "a:b", "a:80:80", "a, b",
                 "[::1", "[]", "[::1]x", "[::1]80", "[a@b]", "::1", "a\\b",
                 "b\xC3\xBC"
                 "cher.example",
                 "a\x01");
    CAPTURE(text);
    CHECK_FALSE(host_of_authority(text).has_value());
    CHECK_FALSE(host_of_origin("https://" + text).has_value());
}

TEST_CASE("an origin has a scheme and a host", "[http][unit]")
{
    CHECK(host_of_origin("https://Site.example:8443") == "site.example");
    CHECK(host_of_origin("chrome-extension://abc") == "abc");
    auto const text = GENERATE(as<std::string>{}, "", "null", "site.example", "//site.example",
                               "://site.example", "1s://site.example", "ht tp://site.example",
                               "https://", "https://:80", "https:/site.example");
    CAPTURE(text);
    CHECK_FALSE(host_of_origin(text).has_value());
}
