// SPDX-License-Identifier: MIT
#include "base/form.hpp"

#include "support/catch.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace notify;

using fields = std::vector<std::pair<std::string, std::string>>;

namespace {

fields parse_form(std::string_view text)
{
    fields all;
    form_reader reader{text};
    while (auto field = reader.next()) all.push_back(std::move(*field));
    return all;
}

}  // namespace

TEST_CASE("a form's fields are decoded, in their order", "[base][unit]")
{
    CHECK(parse_form("a=1&b=2&a=3") == fields{{"a", "1"}, {"b", "2"}, {"a", "3"}});
    CHECK(parse_form("n%61me=v+%2B+%C3%A9%00") ==
          fields{{"name", std::string{"v + \xc3\xa9\0", 7}}});
    CHECK(parse_form("a=b=c") == fields{{"a", "b=c"}});
}

TEST_CASE("odd forms have odd fields, and no error", "[base][unit]")
{
    CHECK(parse_form("").empty());
    CHECK(parse_form("&&").empty());
    CHECK(parse_form("a&=b&=") == fields{{"a", ""}, {"", "b"}, {"", ""}});
    CHECK(parse_form("a=%zz&b=%4") == fields{{"a", "%zz"}, {"b", "%4"}});
}
