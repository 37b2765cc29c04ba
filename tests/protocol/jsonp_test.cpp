// SPDX-License-Identifier: MIT
#include "protocol/jsonp.hpp"

#include "support/catch.hpp"

using namespace notify::eio;

TEST_CASE("a payload is handed to the page's function as a string", "[protocol][unit]")
{
    CHECK(jsonp_answer("0", "4hello") == R"(___eio[0]("4hello");)");
    CHECK(jsonp_answer("17", "4\"\\\n\x1e") == R"(___eio[17]("4\"\\\n\u001e");)");
    // Ends of lines to JavaScript, but not to JSON.
    CHECK(jsonp_answer("1", "4\xe2\x80\xa8\xe2\x80\xa9") == R"(___eio[1]("4\u2028\u2029");)");
    CHECK(jsonp_answer("1", "4\xc3\xa9\xff") == R"(___eio[1]("4\u00e9\ufffd");)");
}

TEST_CASE("a form's payload is unescaped", "[protocol][unit]")
{
    CHECK(payload_of_jsonp("d=4hello") == "4hello");
    CHECK(payload_of_jsonp("x=1&d=4a+b%2Bc%26&d=second") == "4a b+c&");
    CHECK(payload_of_jsonp("d=4a%5Cnb") == "4a\nb");
    CHECK(payload_of_jsonp("d=4a%5C%5Cnb") == "4a\\nb");
    CHECK(payload_of_jsonp("d=4%5Ca%5C%5C") == "4\\a\\\\");
    CHECK(payload_of_jsonp("d=4%C3%A9") == "4\xc3\xa9");
    CHECK(payload_of_jsonp("") == "");
    CHECK(payload_of_jsonp("e=4").empty());
    CHECK(payload_of_jsonp("d").empty());
}
