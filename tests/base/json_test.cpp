// SPDX-License-Identifier: MIT
#include "base/json.hpp"

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <string>

using notify::json_depth;
using notify::parse_json;
using namespace std::string_literals;

namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string as_json_string(std::string_view text)
{
    std::string out;
    notify::append_json_string(out, text);
    return out;
}

std::string refusal(std::string_view text)
{
    auto const parsed = parse_json(text);
    return parsed ? "" : parsed.error().message;
}

}  // namespace

TEST_CASE("JSON is parsed", "[base][unit]")
{
    auto const parsed = parse_json(R"( {"message": "Hey", "n": [1, 2.5, null, true]} )");
    REQUIRE(parsed);
    CHECK(parsed->at("message") == "Hey");
    CHECK(parsed->at("n").size() == 4);
    CHECK(parse_json("\"\"").value() == "");
    CHECK(parse_json("[]").value().is_array());
    CHECK(parse_json("[]").value().empty());  // not an array in an array
}

TEST_CASE("what is not JSON comes back as an error", "[base][unit]")
{
    for (char const* const text :
         {"", " ", "{", "}", "[1,]", "{a:1}", "'x'", "nul", "01", "1 2", "\"\n\"", "\"\\x\"",
          "\"\xff\"", "\"\xed\xa0\x80\"", "// hi\n1", "NaN", "1e999"}) {
        CAPTURE(text);
        CHECK(refusal(text).starts_with("not valid JSON: "));
    }
}

TEST_CASE("the escape of half a surrogate pair is U+FFFD", "[base][unit]")
{
    struct {
        char const* text;
        char const* value;
    } const cases[] = {
        {R"("\ud800")", "\ufffd"},
        {R"("\uDFFF")", "\ufffd"},
        {R"("a\ud83d")", "a\ufffd"},
        {R"("\ud83dx")", "\ufffdx"},
        {R"("\ud83d\ude00")", "\U0001f600"},
        {R"("\ud83d\ud83d\ude00")", "\ufffd\U0001f600"},
        {R"("\ude00\ud83d")", "\ufffd\ufffd"},
        {R"("\ud83d\u0041")", "\ufffdA"},
        {R"("\ud83d\n\ude00")", "\ufffd\n\ufffd"},
        {R"("\\ud800")", "\\ud800"},
        {R"("\\\ud800")", "\\\ufffd"},
        {R"("\ud7ff\ue000")", "\ud7ff\ue000"},
    };
    for (auto const& c : cases) {
        CAPTURE(c.text);
        auto const parsed = parse_json(c.text);
        REQUIRE(parsed);
        CHECK(*parsed == c.value);
    }
    CHECK(parse_json(R"({"\ud800":1})").value().contains("\ufffd"));
}

TEST_CASE("what is near the escape of half a surrogate pair is no JSON still", "[base][unit]")
{
    for (char const* const text : {R"("\ud8)", R"("\ud80")", R"("\ud80g")", R"("\ud83d\ude0")",
                                   R"(\ud800)", R"("\ud800)", "\"\\ud800\xed\xa0\x80\""}) {
        CAPTURE(text);
        CHECK(refusal(text).starts_with("not valid JSON: "));
    }
}

TEST_CASE("JSON does not end at a NUL", "[base][unit]")
{
    for (std::string const& text : {"{}\0"s, "{}\0{"s, "\0"s, "[1,\0]"s}) {
        CAPTURE(text);
        CHECK(refusal(text).starts_with("not valid JSON: "));
    }
}

TEST_CASE("an error of the parser says where, and quotes nothing", "[base][unit]")
{
    std::string const message = refusal(R"({"uuid": "a secret that goes on)");
    CHECK(message.find("line 1, column ") != message.npos);
    CHECK(message.find("secret") == message.npos);
    CHECK(message.find("json.exception") == message.npos);
}

TEST_CASE("JSON may be nested to the limit and no deeper", "[base][unit]")
{
    CHECK(parse_json(nested(notify::max_json_depth)));
    CHECK(refusal(nested(notify::max_json_depth + 1)) == "JSON nested deeper than 64 levels");
    CHECK(refusal(std::string(1'000'000, '[')) == "JSON nested deeper than 64 levels");
}

TEST_CASE("the depth of JSON is counted outside of strings", "[base][unit]")
{
    CHECK(json_depth("") == 0);
    CHECK(json_depth("1") == 0);
    CHECK(json_depth("[]") == 1);
    CHECK(json_depth(R"({"a":[{"b":1}],"c":[]})") == 3);
    CHECK(json_depth("[[],[],[]]") == 2);
    CHECK(json_depth(R"(["[[[[{{{{"])") == 1);
    CHECK(json_depth(R"(["\"[[[["])") == 1);
    CHECK(json_depth(R"(["\\",[[]]])") == 3);
    CHECK(json_depth("]]][") == 1);
    CHECK(json_depth("\"\\") == 0);
}

TEST_CASE("strings are written as JSON", "[base][unit]")
{
    CHECK(as_json_string("") == R"("")");
    CHECK(as_json_string("plain text, 100%") == R"("plain text, 100%")");
    CHECK(as_json_string("say \"hi\"\\") == R"("say \"hi\"\\")");
    CHECK(as_json_string("a\nb\x01") == R"("a\nb\u0001")");
    CHECK(as_json_string("h\u00e9") == "\"h\u00e9\"");
    CHECK(as_json_string("bad \xff byte") == "\"bad \ufffd byte\"");
}

TEST_CASE("every byte survives as text or becomes U+FFFD", "[base][unit]")
{
    for (int c = 0; c < 256; ++c) {
        std::string const text{static_cast<char>(c)};
        CAPTURE(c);
        CHECK(parse_json(as_json_string(text)).value() == (c < 0x80 ? text : "\ufffd"));
    }
}

TEST_CASE("strings are written as nlohmann writes them, whatever stands where", "[base][unit]")
{
    using notify::json;
    std::string_view const euro = "\u20ac";
    for (std::size_t size = 1; size < 20; ++size)
        for (std::size_t at = 0; at < size; ++at) {
            for (int c = 0; c < 256; ++c) {
                std::string text(size, 'x');
                text[at] = static_cast<char>(c);
                CAPTURE(size, at, c);
                CHECK(as_json_string(text) == notify::to_text(json(text)));
            }
            std::string text(size, 'x');
            text.insert(at, euro);
            CHECK(as_json_string(text) == '"' + text + '"');
        }
}

TEST_CASE("a value is written in one line, whatever it holds", "[base][unit]")
{
    notify::json const value = {{"a", {1, 2}}, {"b", "line\nbreak"}, {"c", "\xff"}};
    CHECK(notify::to_text(value) == "{\"a\":[1,2],\"b\":\"line\\nbreak\",\"c\":\"\ufffd\"}");
}

TEST_CASE("equal keys of one object are refused where they are asked for, at any depth",
          "[base][unit]")
{
    using notify::equal_keys;
    auto const why = [](std::string_view text) {
        auto const parsed = parse_json(text, equal_keys::refused);
        return parsed ? notify::to_text(*parsed) : parsed.error().message;
    };
    CHECK(why(R"({"user":"1","user":"2"})") == "two keys \"user\" in one object");
    CHECK(why(R"({"user":"1","us\u0065r":"1"})") == "two keys \"user\" in one object");
    CHECK(why(R"([1,{"a":{"b":1,"c":2,"b":3}}])") == "two keys \"b\" in one object");
    CHECK(why(R"({"a":{"b":1},"b":[{"b":1},{"b":2}]})") ==
          R"({"a":{"b":1},"b":[{"b":1},{"b":2}]})");
    CHECK_THAT(why(R"({"a":1,"a":)"), Catch::StartsWith("not valid JSON"));
    CHECK(parse_json(R"({"a":1,"a":2})").value()["a"] == 2);
}
