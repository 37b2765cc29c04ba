// SPDX-License-Identifier: MIT
#include "wire/shard_id.hpp"

#include "support/catch.hpp"

#include <set>
#include <string>

using namespace notify;

TEST_CASE("an id names the shard it was made for", "[wire][unit]")
{
    auto const shard = GENERATE(0u, 1u, 63u, 64u, 65u, 4095u);
    auto const id = random_id_of(shard);
    CHECK(shard_of({id.data(), id.size()}) == shard);
}

TEST_CASE("ids of one shard differ", "[wire][unit]")
{
    std::set<std::string> ids;
    for (int i = 0; i < 1000; ++i) {
        auto const id = random_id_of(3);
        ids.emplace(id.data(), id.size());
    }
    CHECK(ids.size() == 1000);
}

TEST_CASE("what is no id names no shard", "[wire][unit]")
{
    auto const id = GENERATE(as<std::string>{}, "", "A", "AAAAAAAAAAAAAAAAAAA",
                             "AAAAAAAAAAAAAAAAAAAAA", "%%AAAAAAAAAAAAAAAAAA",
                             "A\xff"
                             "AAAAAAAAAAAAAAAAAA");
    CAPTURE(id);
    CHECK(shard_of(id) == max_shards);
}
