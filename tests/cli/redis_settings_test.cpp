// SPDX-License-Identifier: MIT
#include "cli/redis_settings.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

using namespace notify;
using namespace notify::cli;

namespace {

redis::redis_options resolved(std::vector<char const*> args)
{
    command_line line{"notify-send", "send", {}};
    redis_settings settings;
    settings.add_to(line);
    args.insert(args.begin(), "notify-send");
    line.parse(static_cast<int>(args.size()), args.data());
    return settings.resolve();
}

}  // namespace

TEST_CASE("the Redis option and its password file say which Redis", "[cli][unit]")
{
    test::temp_dir const directory;
    auto const file = directory.write("password", "from file\r\nmore\n");
    CHECK(resolved({}).display() == "redis://127.0.0.1:6379");
    auto const o =
        resolved({"--redis", "redis://app:typed@h", "--redis-password-file", file.c_str()});
    CHECK(o.display() == "redis://app@h:6379");
    CHECK(o.password == "from file");
}

TEST_CASE("a faulty Redis setting ends the tool with a sentence", "[cli][unit]")
{
    test::temp_dir const directory;
    auto const empty = directory.write("empty", "");
    CHECK_THROWS_WITH(resolved({"--redis", "localhost"}),
                      Catch::StartsWith("\"localhost\" is not a Redis address"));
    CHECK_THROWS_WITH(resolved({"--redis-password-file", "/no/such/file"}),
                      "cannot read the password file \"/no/such/file\": No such file or directory");
    CHECK_THROWS_WITH(resolved({"--redis-password-file", empty.c_str()}),
                      Catch::EndsWith("it is empty"));
}
