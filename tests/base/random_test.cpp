// SPDX-License-Identifier: MIT
#include "base/random.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

}  // namespace

TEST_CASE("ids are url-safe, use the whole alphabet and do not repeat", "[base][unit]")
{
    std::set<std::string> ids;
    std::set<char> used;
    for (int i = 0; i < 1000; ++i) {
        notify::url_safe_id const id = notify::random_id();
        ids.emplace(id.begin(), id.end());
        used.insert(id.begin(), id.end());
    }
    CHECK(ids.size() == 1000);
    CHECK(used == std::set<char>(alphabet.begin(), alphabet.end()));
}

TEST_CASE("a uuid has the form, version and variant of RFC 4122", "[base][unit]")
{
    std::set<std::string> uuids;
    std::set<char> variants;
    for (int i = 0; i < 1000; ++i) {
        std::string const uuid = notify::random_uuid();
        REQUIRE(uuid.size() == 36);
        for (std::size_t at = 0; at < uuid.size(); ++at) {
            bool const dash = at == 8 || at == 13 || at == 18 || at == 23;
            std::string_view const allowed = dash ? "-" : "0123456789abcdef";
            if (allowed.find(uuid[at]) == allowed.npos) FAIL(uuid);
        }
        CHECK(uuid[14] == '4');
        variants.insert(uuid[19]);
        uuids.insert(uuid);
    }
    CHECK(uuids.size() == 1000);
    CHECK(variants == std::set<char>{'8', '9', 'a', 'b'});
}

TEST_CASE("random bytes fill all of their span and nothing else", "[base][unit]")
{
    std::array<std::set<int>, 18> seen;
    for (int i = 0; i < 200; ++i) {
        std::array<std::uint8_t, 18> bytes{};
        notify::fill_random(std::span{bytes}.subspan(1, 16));
        for (std::size_t at = 0; at < bytes.size(); ++at) seen[at].insert(bytes[at]);
    }
    CHECK(seen.front() == std::set<int>{0});
    CHECK(seen.back() == std::set<int>{0});
    // 200 throws of a die with 256 sides show about 139 of them.
    for (std::size_t at = 1; at + 1 < seen.size(); ++at) CHECK(seen[at].size() > 80);
}

TEST_CASE("a random number is below its bound and takes each value", "[base][unit]")
{
    std::set<std::uint32_t> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(notify::random_below(5));
    CHECK(seen == std::set<std::uint32_t>{0, 1, 2, 3, 4});
    CHECK(notify::random_below(1) == 0);

    std::uint32_t highest = 0;
    for (int i = 0; i < 100; ++i) highest = std::max(highest, notify::random_below(0xffffffff));
    CHECK(highest > 0x80000000);
}
