// SPDX-License-Identifier: MIT
#include "gateway/failed_subscriptions.hpp"

#include "support/catch.hpp"

#include <set>
#include <string>
#include <vector>

using namespace notify;
using strings = std::vector<std::string>;

namespace {

strings taken(failed_subscriptions& failed)
{
    strings told;
    failed.take_new([&](subscription_failure why, std::uint64_t n, std::string_view newest) {
        told.push_back(std::string{name_of(why)} + " " + std::to_string(n) + " " +
                       std::string{newest});
    });
    return told;
}

}  // namespace

TEST_CASE("failures are counted by kind, with the newest sentence of each", "[gateway][unit]")
{
    failed_subscriptions failed;
    CHECK(taken(failed).empty());
    failed.add(subscription_failure::unknown_uuid, "old");
    failed.add(subscription_failure::redis_failed, "Redis is away");
    failed.add(subscription_failure::unknown_uuid, "new");
    CHECK(taken(failed) == strings{"redis_failed 1 Redis is away", "unknown_uuid 2 new"});
    CHECK(taken(failed).empty());
    failed.add(subscription_failure::unknown_uuid, "newer");
    CHECK(taken(failed) == strings{"unknown_uuid 1 newer"});
}

TEST_CASE("each failure has a name of its own", "[gateway][unit]")
{
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < subscription_failure_count; ++i)
        names.insert(name_of(static_cast<subscription_failure>(i)));
    CHECK(names.size() == subscription_failure_count);
    CHECK(names.count("unknown") == 0);
}

TEST_CASE("what a client is told and what is counted go together", "[gateway][unit]")
{
    CHECK(failure_of(internal_code::redis_failed) == subscription_failure::redis_failed);
    CHECK(failure_of(internal_code::unknown_uuid) == subscription_failure::unknown_uuid);
    CHECK(failure_of(internal_code::cookies_refused) == subscription_failure::cookies_refused);
    CHECK(failure_of(subscribe_error::too_many_subscribers) ==
          subscription_failure::too_many_connections);
    CHECK(failure_of(subscribe_error::not_confirmed) == subscription_failure::not_confirmed);
    CHECK(failure_of(subscribe_error::refused) == subscription_failure::refused);
    CHECK(sentence_of(subscribe_error::too_many_subscribers) ==
          "too many connections of this user");
    CHECK_THAT(std::string{sentence_of(subscribe_error::refused)}, Catch::Contains("&/app/user/*"));
}
