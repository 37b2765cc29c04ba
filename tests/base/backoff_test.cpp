// SPDX-License-Identifier: MIT
#include "base/backoff.hpp"

#include "support/catch.hpp"

#include <set>

using namespace notify;
using namespace std::chrono_literals;

namespace {

bool within(std::chrono::milliseconds pause, std::chrono::milliseconds whole)
{
    return pause >= whole / 2 && pause <= whole;
}

}  // namespace

TEST_CASE("pauses double up to a limit and begin anew after a success", "[base][unit]")
{
    backoff pause{1s, 30s};
    for (auto const whole : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) CHECK(within(pause.next(), whole));
    pause.reset();
    CHECK(within(pause.next(), 1s));
}

TEST_CASE("clients that lost the same gateway don't come back together", "[base][unit]")
{
    std::set<std::chrono::milliseconds> seen;
    for (int i = 0; i < 100; ++i) seen.insert(backoff{1s, 30s}.next());
    CHECK(seen.size() > 20);
}
