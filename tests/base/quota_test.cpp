// SPDX-License-Identifier: MIT
#include "base/quota.hpp"

#include "support/catch.hpp"

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

using notify::quota;
using notify::quota_share;

TEST_CASE("a quota gives out as much as there is, and no more", "[base][unit]")
{
    quota q{3};
    CHECK(q.try_take(2));
    CHECK_FALSE(q.try_take(2));
    CHECK(q.try_take());
    CHECK_FALSE(q.try_take());
    CHECK(q.taken() == 3);
    q.give_back(2);
    CHECK(q.try_take(2));
    CHECK_FALSE(q.try_take(quota::unlimited));
}

TEST_CASE("a share is given back once, by its last owner", "[base][unit]")
{
    quota q{1};
    {
        quota_share a{q};
        REQUIRE(a);
        CHECK_FALSE(quota_share{q});
        quota_share b{std::move(a)};
        CHECK_FALSE(a);
        CHECK(b.is_of(q));
        a = std::move(b);
        CHECK(q.taken() == 1);
    }
    CHECK(q.taken() == 0);
    quota_share released{q};
    released.release();
    CHECK_FALSE(released);
    CHECK(q.taken() == 1);
    {
        auto const adopted = quota_share::adopt(q);
    }
    CHECK(q.taken() == 0);
}

TEST_CASE("threads that take at the same time get no more than there is", "[base][unit]")
{
    quota q{100};
    std::atomic<int> given{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 1'000; ++i) given += q.try_take() ? 1 : 0;
        });
    for (auto& t : threads) t.join();
    CHECK(given == 100);
    CHECK(q.taken() == 100);
}
