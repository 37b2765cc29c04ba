// SPDX-License-Identifier: MIT
#include "cli/shared_options.hpp"

#include "cli/value_of.hpp"
#include "support/catch.hpp"

#include <optional>
#include <string>
#include <vector>

using namespace notify;
using namespace notify::cli;

namespace {

// What notify-send, or another tool, has for these arguments.
template <class T>
T user_of(std::vector<char const*> args)
{
    T user;
    command_line line{"notify-send", "send", {}};
    add_user(line, user, "Send to this user");
    args.insert(args.begin(), "notify-send");
    line.parse(static_cast<int>(args.size()), args.data());
    return user;
}

}  // namespace

TEST_CASE("a tool takes one user or several, each with an option of its own", "[cli][unit]")
{
    CHECK(user_of<std::string>({"--user", "12345"}) == "12345");
    CHECK(user_of<std::optional<std::string>>({"-u", "a,b"}) == "a,b");
    CHECK(user_of<std::optional<std::string>>({}) == std::nullopt);
    CHECK(user_of<std::vector<std::string>>({"-u", "a,b", "--user=c"}) ==
          std::vector<std::string>{"a,b", "c"});
    CHECK_THROWS_WITH(user_of<std::vector<std::string>>({"-u", "a", "b"}),
                      Catch::StartsWith("unexpected argument \"b\""));
}

TEST_CASE("the prefix of uuidCookies has its default, and --help says what has it", "[cli][unit]")
{
    std::string prefix;
    command_line line{"notify-token", "mint", {}};
    add_uuid_prefix(line, prefix, "the keys in Redis");
    CHECK(prefix == "cookie-");
    CHECK_THAT(line.app().help(),
               Catch::Contains("What the keys in Redis begin with; default cookie-"));
}

TEST_CASE("an option whose text cannot be read is named", "[cli][unit]")
{
    CHECK(value_of(result<int>{7}, "--seven") == 7);
    CHECK_THROWS_WITH(value_of(result<int>{error{"no number"}}, "--seven"), "--seven: no number");
}
