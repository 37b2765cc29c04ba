// SPDX-License-Identifier: MIT
#include "contract/stored_entry.hpp"

#include "contract/log_start.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace notify;

namespace {

using type = stored_entry::type;

constexpr std::size_t no_limit = 1 << 20;

std::string published(std::string_view fields)
{
    return R"({"id":"1732657160000-17","at":1732657161234567,)" + std::string{fields};
}

std::string element(std::string_view object)
{
    return "1732657160000-17-1732657161234567 " + std::string{object};
}

constexpr position where{1732657160000, 17, 1732657161234567};

// What an entry with this object is, published and in the log alike.
type type_of(std::string const& object)
{
    INFO(object);
    std::string const on_channel = published(object.substr(1));
    std::string const in_log = element(object);
    auto const p = parse_published(on_channel);
    auto const e = parse_element(in_log, no_limit);
    REQUIRE(p);
    REQUIRE(e);
    CHECK(p->entry.where == where);
    CHECK(e->where == where);
    CHECK(p->entry.what == e->what);
    CHECK(p->entry.fields == e->fields);
    return e->what;
}

}  // namespace

TEST_CASE("an entry is the same, published and in the log", "[contract][unit]")
{
    CHECK(type_of(R"({"unread":3,"message":"Hey"})") == type::notification);
    CHECK(type_of(R"({"unread":3,"message":"","title":"T","level":"info","link":"/","event":"e",)"
                  R"("key":"k","ttl":60,"data":{"id":[1,{"at":2}]}})") == type::notification);
    CHECK(type_of(R"({"unread":0,"type":"read","ids":["1732657160000-1"]})") == type::read);
    CHECK(type_of(R"({"unread":0,"type":"read","upto":"1732657160000-16"})") == type::read);
}

TEST_CASE("what clients get has id and time before the fields", "[contract][unit]")
{
    auto const text = element(R"({"unread":3,"message":"Hey"})");
    auto const e = parse_element(text, no_limit);
    CHECK(object_of(*e) == published(R"("unread":3,"message":"Hey"})"));
}

TEST_CASE("an entry that is no object of the right members is unreadable", "[contract][unit]")
{
    std::string const bad = GENERATE(
        as<std::string>{}, R"({"unread":3,"message":"Hey")", R"({"unread":3,"message":"Hey"}})",
        R"({"unread":3})", R"({"unread":3,"message":7})", R"({"message":"Hey","unread":3})",
        R"({"message":"Hey"})", R"({"unread":-1,"message":"Hey"})",
        R"({"unread":"3","message":"Hey"})", R"({"unread":3,"message":"Hey","unread":4})",
        R"({"unread":3,"message":"Hey","id":"1-1"})", R"({"unread":3,"message":"Hey","at":1})",
        R"({"unread":3,"message":"Hey","ttl":"1m"})", R"({"unread":3,"message":"Hey","ttl":-1})",
        R"({"unread":3,"message":"Hey","key":1})", R"({"unread":3,"message":"Hey","title":{}})",
        R"({"unread":3,"message":"Hey","level":1})", R"({"unread":3,"message":"Hey","link":[]})",
        R"({"unread":3,"message":"Hey","event":null})",
        R"({"unread":3,"message":"Hey","type":"read","ids":[]})",
        R"({"unread":3,"type":"read","ids":[],"type":"x"})", R"({"unread":3,"type":"other"})",
        R"({"unread":3,"type":"read"})", R"({"unread":3,"type":"read","ids":[1]})",
        R"({"unread":3,"type":"read","ids":"1-1"})", R"({"unread":3,"type":"read","upto":1})",
        R"({"unread":03,"message":"Hey"})", R"({"unread":3,"title":"T"})",
        R"({"unread":3,"message":"Hey",})", R"({"unread":3 "message":"Hey"})",
        R"({"unread":3,"message":"Hey"}x)", R"({"unread":3,"message":"Hey","title":"T)",
        R"({"unread":,"message":"Hey"})", "{\"unread\":3,\"message\":\"a\tb\"}",
        "{\"unread\":3,\"message\":\"\xff\"}", R"({})");
    CHECK(type_of(bad) == type::unreadable);
}

// Those with texts alone that need no escape take a shorter way.
TEST_CASE("an entry means the same, whether it is read with or without a parser",
          "[contract][unit]")
{
    std::string const members = GENERATE(
        as<std::string>{}, R"("message":"Hey","key":"k")", R"("key":"j","message":"","key":"k")",
        R"("title":"T","message":"Grüße","level":"info","link":"/a","event":"e","key":"k")");
    std::string const plain = published(R"("unread":0,)" + members + "}");
    std::string const parsed = published(R"("unread":0,)" + members + R"(,"data":1})");
    auto const one = parse_published(plain);
    auto const other = parse_published(parsed);
    REQUIRE((one && other));
    CHECK(one->entry.what == type::notification);
    CHECK(other->entry.what == type::notification);
    CHECK(one->entry.key == "k");
    CHECK(other->entry.key == "k");
    CHECK(one->entry.expires == 0);
}

TEST_CASE("an escape of half a character, which JavaScript writes, is readable", "[contract][unit]")
{
    CHECK(type_of(R"({"unread":3,"message":"\ud800"})") == type::notification);
}

TEST_CASE("nesting without end is unreadable", "[contract][unit]")
{
    std::string const deep = R"({"unread":3,"message":"Hey","data":)" + std::string(65, '[') +
                             std::string(65, ']') + "}";
    CHECK(type_of(deep) == type::unreadable);
}

TEST_CASE("what does not begin as an entry stands nowhere", "[contract][unit]")
{
    std::string const bad = GENERATE(
        as<std::string>{}, "", "{", "{}", "null", "[]", "Hey",
        R"({"at":1732657161234567,"id":"1732657160000-17","unread":1,"message":""})",
        R"({"id":17,"at":1732657161234567,"unread":1,"message":""})",
        R"({"id":"0-17","at":1732657161234567,"unread":1,"message":""})",
        R"({"id":"1732657160000-017","at":1732657161234567,"unread":1,"message":""})",
        R"({"id":"1732657160000-17-1","at":1732657161234567,"unread":1,"message":""})",
        R"({"id":"1732657160000-17","at":"1732657161234567","unread":1,"message":""})",
        R"({"id":"1732657160000-17","at":1e15,"unread":1,"message":""})",
        R"({"id":"1732657160000-9007199254740992","at":1732657161234567,"unread":1,"message":""})",
        R"({"id":"1732657160000-17" ,"at":1732657161234567,"unread":1,"message":""})",
        R"({"reply":"r","id":"1732657160000-17","at":1732657161234567,"unread":1,"message":""})",
        R"({"reply":"a\"b","ask":"seen","id":"1-1","at":1,"unread":1,"message":""})",
        R"({"reply":"a b","ask":"seen","id":"1-1","at":1,"unread":1,"message":""})",
        R"({"id":"1732657160000-17","at":1732657161234567})");
    CHECK_FALSE(parse_published(bad));
    std::string const bad_element = GENERATE(as<std::string>{}, "", " ", "{}", "1-1 {}", "1-1-x {}",
                                             "0-1-1 {}", "1-1-1-1 {}", " 1-1-1 {}");
    CHECK_FALSE(parse_element(bad_element, no_limit));
}

TEST_CASE("a sender that wants to hear of it says where", "[contract][unit]")
{
    auto const text = R"({"reply":"/app/reply/x","ask":"seen",)" +
                      published(R"("unread":1,"message":"Hey"})").substr(1);
    auto const p = parse_published(text);
    REQUIRE(p);
    CHECK(p->receipt.channel == "/app/reply/x");
    CHECK(p->receipt.of == "seen");
    CHECK(p->entry.what == type::notification);
    CHECK(p->entry.fields == R"("unread":1,"message":"Hey"})");
    CHECK(parse_published(published(R"("unread":1,"message":"Hey"})"))->receipt.channel.empty());
}

TEST_CASE("an entry of the log that is too long is not parsed", "[contract][unit]")
{
    auto const text = element(R"({"unread":3,"message":"Hey"})");
    CHECK(parse_element(text, text.size())->what == type::notification);
    auto const e = parse_element(text, text.size() - 1);
    CHECK(e->what == type::too_large);
    CHECK(e->where == where);
}

TEST_CASE("an entry expires so many seconds after it was stored", "[contract][unit]")
{
    auto const expires = [](std::string const& ttl) {
        return parse_element(element(R"({"unread":3,"message":"","ttl":)" + ttl + "}"), no_limit)
            ->expires;
    };
    CHECK(expires("60") == where.at + 60'000'000);
    CHECK(expires("0") == where.at);
    CHECK(expires("18446744073709551615") > where.at);  // does not wrap around
    CHECK(parse_element(element(R"({"unread":3,"message":""})"), no_limit)->expires == 0);
}

TEST_CASE("of notifications with one key the last is shown", "[contract][unit]")
{
    std::vector<stored_entry> all(6);
    all[0].key = all[2].key = all[5].key = "a";
    all[1].key = "b";
    all[5].what = type::unreadable;  // takes nobody's place
    mark_replaced(all);
    std::vector<type> is;
    for (auto const& e : all) is.push_back(e.what);
    CHECK(is == std::vector{type::replaced, type::notification, type::notification,
                            type::notification, type::notification, type::unreadable});
}

TEST_CASE("a start in the log is what a client or a person writes", "[contract][unit]")
{
    using kind = log_start::kind;
    constexpr std::uint64_t now = 1'732'657'161'000'000;
    auto const is = [](std::string_view text) { return parse_log_start(text, now); };
    CHECK(is("latest") == log_start{});
    CHECK(is("all") == log_start{kind::all, {}});
    CHECK(is("1732657160000-17-1732657161234567") == log_start{kind::position, where});
    CHECK(is("1732657160000-17") == log_start{kind::id, {1732657160000, 17, 0}});
    CHECK(is("90s") == log_start{kind::time, {1, 0, now - 90'000'000}});
    CHECK(is("10m") == log_start{kind::time, {1, 0, now - 600'000'000}});
    CHECK(is("1h") == log_start{kind::time, {1, 0, now - 3'600'000'000}});
    CHECK(is("7d") == log_start{kind::time, {1, 0, now - 604'800'000'000}});
    CHECK(is("99999999999999d") == log_start{kind::time, {1, 0, 0}});
    for (auto const bad :
         {"", "10", "m", "-1m", "1w", "10 m", "All", "17", "1-2-3-4", "0-1", "1.5h"})
        CHECK_FALSE(is(bad));
}

TEST_CASE("a start is written as the script reads it", "[contract][unit]")
{
    using kind = log_start::kind;
    CHECK(to_text(log_start{}).empty());
    CHECK(to_text(log_start{kind::all, {}}) == "all");
    CHECK(to_text(log_start{kind::position, where}) == "1732657160000-17-1732657161234567");
    CHECK(to_text(log_start{kind::id, where}) == "1732657160000-17");
    CHECK(to_text(log_start{kind::time, {1, 0, 5}}) == "@5");
}
