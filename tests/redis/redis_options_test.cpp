// SPDX-License-Identifier: MIT
#include "redis/redis_options.hpp"

#include "support/catch.hpp"

using namespace notify;
using namespace notify::redis;
using kind = stream_address::kind;

namespace {

redis_options parsed(std::string_view url)
{
    auto const o = parse_redis_url(url);
    INFO(url);
    if (!o) FAIL(o.error().message);
    return *o;
}

std::string refusal(std::string_view url)
{
    auto const o = parse_redis_url(url);
    return o ? "accepted: " + o->display() : o.error().message;
}

}  // namespace

TEST_CASE("all parts of a Redis URL are read", "[redis][unit]")
{
    auto const o = parsed("redis://app:p%40ss%2F%3A@redis.example.org:7000/3");
    CHECK(o.address.how == kind::plain);
    CHECK(o.address.host == "redis.example.org");
    CHECK(o.address.port == 7000);
    CHECK(o.user == "app");
    CHECK(o.password == "p@ss/:");
    CHECK(o.db == 3);
    CHECK(o.display() == "redis://app@redis.example.org:7000/3");
}

TEST_CASE("what a Redis URL leaves out has a default", "[redis][unit]")
{
    CHECK(redis_options{}.display() == redis_options::default_url);
    CHECK(parsed("redis://localhost").display() == "redis://localhost:6379");
    CHECK(parsed("redis://localhost:/").display() == "redis://localhost:6379");
    CHECK(parsed("redis://:only-password@h").user.empty());
    CHECK(parsed("redis://:only-password@h").password == "only-password");
    CHECK(parsed("redis://only-user@h").password.empty());
}

TEST_CASE("TLS, IPv6 and unix sockets are read", "[redis][unit]")
{
    auto const tls = parsed("rediss://[::1]:6380/1");
    CHECK(tls.address.how == kind::tls);
    CHECK(tls.address.host == "::1");
    CHECK(tls.display() == "rediss://[::1]:6380/1");

    auto const local = parsed("unix:///run/my%20redis.sock?db=2");
    CHECK(local.address.how == kind::local);
    CHECK(local.address.path == "/run/my redis.sock");
    CHECK(local.db == 2);
    CHECK(local.display() == "unix:///run/my redis.sock?db=2");
    CHECK(parsed("unix://app:secret@/run/redis.sock").password == "secret");
}

TEST_CASE("what is not a Redis URL is refused with its value and a reason", "[redis][unit]")
{
    CHECK(refusal("") ==
          "\"\" is not a Redis address: it should begin with redis://, rediss:// or unix://");
    CHECK_THAT(refusal("localhost:6379"), Catch::StartsWith("\"localhost:6379\" is not a Redis"));
    CHECK_THAT(refusal("http://localhost"), Catch::Contains("it should begin with redis://"));
    CHECK_THAT(refusal("redis://"), Catch::EndsWith("the host is missing"));
    CHECK_THAT(refusal("redis://:6379"), Catch::EndsWith("the host is missing"));
    CHECK_THAT(refusal("redis://h:70000"), Catch::EndsWith("the port is not between 1 and 65535"));
    CHECK_THAT(refusal("redis://h:12x/1"), Catch::EndsWith("the port is not a number"));
    CHECK_THAT(refusal("redis://:a@h:x"), Catch::EndsWith("the port is not a number"));
    CHECK_THAT(refusal("redis://:a/b@h"), Catch::Contains("are written %XX"));
    CHECK_THAT(refusal("redis://h:0"), Catch::EndsWith("the port is not between 1 and 65535"));
    CHECK_THAT(refusal("redis://h/x"), Catch::EndsWith("the database \"x\" is not a number"));
    CHECK_THAT(refusal("redis://h/1/2"), Catch::EndsWith("the database \"1/2\" is not a number"));
    CHECK_THAT(refusal("redis://h/-1"), Catch::EndsWith("the database \"-1\" is not a number"));
    CHECK_THAT(refusal("redis://h/99999999999"), Catch::EndsWith("is not a number"));
    CHECK_THAT(refusal("redis://h?timeout=1"), Catch::EndsWith("unknown parameter \"timeout\""));
    CHECK_THAT(refusal("redis://a%0ab"), Catch::EndsWith("a space or a control character"));
    CHECK_THAT(refusal("unix://relative.sock"), Catch::Contains("needs an absolute path"));
    CHECK_THAT(refusal("unix:///"), Catch::Contains("needs an absolute path"));
    CHECK_THAT(refusal("unix:///a%00b"), Catch::EndsWith("the path contains a NUL"));
    CHECK_THAT(refusal("redis://h\n"), Catch::StartsWith("\"redis://h\\n\" is not"));
}

TEST_CASE("a refusal never shows a password", "[redis][unit]")
{
    auto const url = GENERATE(
        as<std::string>{}, "redis://app:secret@", "redis://app:secret@h:x", "redis://:secret@h/x",
        "redis://:sec#secret@h", "redis://:sec/secret@h", "redis://:s@secret@h/x",
        "redis://:secret", "redis://app:secret", "redis://app:secret/0", "http://u:secret@h",
        "u:secret@h", "app:secret", "redis://[::1]:secret", "unix://app:secret@relative");
    CAPTURE(url);
    auto const text = refusal(url);
    CHECK_FALSE(text.starts_with("accepted"));
    CHECK_THAT(text, !Catch::Contains("secret"));
}
