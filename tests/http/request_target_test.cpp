// SPDX-License-Identifier: MIT
#include "http/request_target.hpp"

#include "support/catch.hpp"

using namespace notify;

TEST_CASE("a target has a path and, after its first question mark, a query", "[http][unit]")
{
    CHECK(path_of("/socket.io/?EIO=4&t=a?b") == "/socket.io/");
    CHECK(query_of("/socket.io/?EIO=4&t=a?b") == "EIO=4&t=a?b");
    CHECK(path_of("/healthz") == "/healthz");
    CHECK(query_of("/healthz").empty());
    CHECK(query_of("/healthz?").empty());
    CHECK(path_of("*") == "*");
    CHECK(path_of("").empty());
}

TEST_CASE("of a target that is a whole URL scheme and authority are passed over", "[http][unit]")
{
    CHECK(path_of("http://example.com/a/b?c=d") == "/a/b");
    CHECK(query_of("https://example.com:8443/a/b?c=d") == "c=d");
    CHECK(path_of("http://example.com") == "/");
    CHECK(query_of("http://example.com").empty());
    CHECK(path_of("/http://example.com/") == "/http://example.com/");
}
