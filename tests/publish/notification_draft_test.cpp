// SPDX-License-Identifier: MIT
#include "publish/notification_draft.hpp"

#include "support/catch.hpp"

using namespace notify;

namespace {

notification_draft draft_of(std::string message)
{
    notification_draft d;
    d.message = std::move(message);
    return d;
}

// The error of a draft in which one field has this value; "" if there is none.
std::string fault(std::optional<std::string> notification_draft::*field, std::string value)
{
    auto d = draft_of("Hey");
    d.*field = std::move(value);
    auto const ok = check_fields(d);
    return ok ? "" : ok.error().message;
}

}  // namespace

TEST_CASE("a draft is written as a JSON object of what it has", "[publish][unit]")
{
    CHECK(to_json(draft_of("Hey")) == R"({"message":"Hey"})");
    CHECK(to_json(draft_of("\"\\\n\x01 é \xff")) == R"({"message":"\"\\\n\u0001 é )"
                                                    "\xef\xbf\xbd\"}");
    auto d = draft_of("");
    d.title = "a\"b";
    d.level = "info";
    d.link = "/a?b=c";
    d.event = "build";
    d.key = "k";
    d.ttl = 60;
    d.data = " {\n\"a\": [1, \"\\ud83d\"]}";
    CHECK(to_json(d) == R"({"message":"","title":"a\"b","level":"info","link":"/a?b=c",)"
                        R"("event":"build","key":"k","ttl":60,"data":{"a":[1,"�"]}})");
}

TEST_CASE("a link is a URL of the web or a path of the site", "[publish][unit]")
{
    for (auto const* good : {"/", "/a/b?c=d#e", "https://example.org", "http://[::1]:80/x"})
        CHECK(fault(&notification_draft::link, good).empty());
    for (auto const* bad : {"", "a", "//example.org", "javascript:alert(1)", "https://", "/a b",
                            "mailto:a@b", "ftp://a/b", "/\n"})
        CHECK_THAT(fault(&notification_draft::link, bad), Catch::Contains("leads nowhere: give"));
}

TEST_CASE("fields that are wrong are named with their value and what to write", "[publish][unit]")
{
    CHECK(fault(&notification_draft::level, "loud") ==
          R"(the level "loud" is none: give info, success, warning or error)");
    for (auto const* level : {"info", "success", "warning", "error"})
        CHECK(fault(&notification_draft::level, level).empty());
    CHECK(fault(&notification_draft::key, "") == "the key has 0 bytes: give 1 to 255");
    CHECK(fault(&notification_draft::event, std::string(256, 'e')) ==
          "the event has 256 bytes: give 1 to 255");
    CHECK_THAT(fault(&notification_draft::data, "{"), Catch::StartsWith("the data is "));
    CHECK(fault(&notification_draft::data, "[1]").empty());
    CHECK_THAT(fault(&notification_draft::title, "\xff"), Catch::EndsWith("is not UTF-8"));
    auto d = draft_of("Hey");
    for (auto const ttl : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{40'000'000}}) {
        d.ttl = ttl;
        CHECK_FALSE(check_fields(d));
    }
}
