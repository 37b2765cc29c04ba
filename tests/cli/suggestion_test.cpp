// SPDX-License-Identifier: MIT
#include "cli/suggestion.hpp"

#include "support/catch.hpp"

using notify::cli::closest;

TEST_CASE("a mistyped name is known by what it is like", "[cli][unit]")
{
    std::vector<std::string> const names{"user",      "users-file", "file",      "json",
                                         "json-body", "redis",      "log-level", "ndjson"};
    CHECK(closest("usr", names) == "user");
    CHECK(closest("users", names) == "user");
    CHECK(closest("usre", names) == "user");
    CHECK(closest("user-file", names) == "users-file");
    CHECK(closest("jsonbody", names) == "json-body");
    CHECK(closest("redis-url", names) == "redis");
    CHECK(closest("level", names) == "log-level");
    CHECK(closest("frobnicate", names).empty());
    CHECK(closest("x", names).empty());
    CHECK(closest("", names).empty());
    CHECK(closest(std::string(100'000, 'x'), names).empty());
}
