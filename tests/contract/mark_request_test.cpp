// SPDX-License-Identifier: MIT
#include "contract/mark_request.hpp"

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <string>

using namespace notify;

namespace {

std::string why_not(std::string const& argument)
{
    auto const request = parse_mark_request(json::parse(argument));
    return request ? "" : request.error().message;
}

}  // namespace

TEST_CASE("a client says that some or all notifications were read", "[contract][unit]")
{
    auto const some = parse_mark_request(json::parse(R"({"ids":["1-1","1732657160000-17"]})"));
    REQUIRE(some.has_value());
    CHECK_FALSE(some->all);
    CHECK(some->ids == std::vector<std::string>{"1-1", "1732657160000-17"});
    auto const all = parse_mark_request(json::parse(R"({"all":true,"ids":["1-1"]})"));
    REQUIRE(all.has_value());
    CHECK(all->all);
    CHECK(all->ids.empty());
}

TEST_CASE("what says no such thing is refused with what to write", "[contract][unit]")
{
    for (auto const bad : {"null", "[]", "7", R"("all")", "{}", R"({"all":false})", R"({"all":1})",
                           R"({"ids":[]})", R"({"ids":"1-1"})", R"({"ids":{}})"})
        CHECK_THAT(why_not(bad), Catch::Contains("this does not say what was read"));
    for (auto const bad : {"1", "null", R"("")", R"("1")", R"("1-1-1")", R"("0-1")", R"("1-01")",
                           R"("1-1\u0000")", R"("all")", "[]"})
        CHECK_THAT(why_not(std::string{R"({"ids":["1-1",)"} + bad + "]}"),
                   Catch::Contains("one of the ids is none"));
}

TEST_CASE("one request names so many notifications at most", "[contract][unit]")
{
    json many = {{"ids", std::vector<std::string>(mark_request::max_ids, "1-1")}};
    auto request = parse_mark_request(many);
    REQUIRE(request.has_value());
    mark_request const one{false, {"1-2"}};
    CHECK_FALSE(request->try_add(one));
    CHECK(request->ids.size() == mark_request::max_ids);
    many["ids"].push_back("1-1");
    CHECK_FALSE(parse_mark_request(many).has_value());
}

TEST_CASE("all is what several requests come to if one of them says so", "[contract][unit]")
{
    mark_request sum;
    CHECK(sum.empty());
    CHECK(sum.try_add({false, {"1-1"}}));
    CHECK(sum.try_add({false, {"1-2"}}));
    CHECK(sum.ids == std::vector<std::string>{"1-1", "1-2"});
    CHECK(sum.try_add({true, {}}));
    CHECK(sum.all);
    CHECK(sum.ids.empty());
    CHECK(sum.try_add({false, {"1-3"}}));
    CHECK(sum.ids.empty());
}
