// SPDX-License-Identifier: MIT
#include "contract/event_id.hpp"

#include "support/catch.hpp"

#include <string>

using namespace notify;

namespace {

constexpr position place{1'732'657'160'000, 17, 1'732'657'161'234'567};
constexpr char place_text[] = "1732657160000-17-1732657161234567";

}  // namespace

TEST_CASE("an event's id says where it stands, and who had it", "[contract][unit]")
{
    CHECK(to_text(event_id{}).empty());
    CHECK(to_text(event_id{place, ""}) == place_text);
    CHECK(to_text(event_id{place, "a.b-c_d"}) == std::string{place_text} + ".a.b-c_d");
    CHECK(to_text(event_id{std::nullopt, "ab"}) == ".ab");
    auto const id = GENERATE(event_id{place, ""}, event_id{place, "a.b"}, event_id{{}, "a"});
    CHECK(parse_event_id(to_text(id)) == id);
}

TEST_CASE("what is no event's id is refused", "[contract][unit]")
{
    auto const text = GENERATE(as<std::string>{}, "", ".", "17", "1-2", "1-2-3.", "1-2-3. a",
                               "1-2-3.a b", "1-2-3.\xc3\xa4", " 1-2-3", "1-2-3 ", "x.a", "1-2.a",
                               "1-2-3\n", std::string(".a\0", 3));
    CAPTURE(text);
    CHECK_FALSE(parse_event_id(text));
}
