// SPDX-License-Identifier: MIT
#include "http/fair_line.hpp"

#include "support/catch.hpp"

#include <string>

using line = notify::fair_line<std::string>;

namespace {

std::string all_of(line& l)
{
    std::string order;
    while (!l.empty()) order += l.pop() + " ";
    return order;
}

}  // namespace

TEST_CASE("turns go round among clients, and each one's own keep their order", "[http][unit]")
{
    line l;
    for (int i = 1; i <= 4; ++i) l.push(7, "a" + std::to_string(i));
    l.push(3, "b1");
    l.push(3, "b2");
    l.push(9, "c1");
    CHECK(l.size() == 7);
    CHECK(all_of(l) == "b1 a1 c1 b2 a2 a3 a4 ");
}

TEST_CASE("a newcomer waits for a round, not behind all that another client has", "[http][unit]")
{
    line l;
    for (int i = 0; i < 1000; ++i) l.push(5, "stranger");
    CHECK(l.pop() == "stranger");
    l.push(8, "login");
    CHECK(l.pop() == "login");
}

TEST_CASE("of a full line the client with the most loses its oldest", "[http][unit]")
{
    line l;
    for (int i = 1; i <= 3; ++i) l.push(5, "a" + std::to_string(i));
    l.push(6, "b1");
    CHECK(l.pop_crowding(6) == "a1");
    CHECK(all_of(l) == "a2 b1 a3 ");
}

TEST_CASE("where nobody has more than the newcomer, it loses its own oldest", "[http][unit]")
{
    line l;
    l.push(1, "a1");
    l.push(2, "b1");
    l.push(2, "b2");
    l.push(1, "a2");
    CHECK(l.pop_crowding(1) == "a1");
    CHECK(all_of(l) == "a2 b1 b2 ");
}

TEST_CASE("who leaves a line is passed over", "[http][unit]")
{
    line l;
    l.push(1, "a1");
    l.push(1, "a2");
    l.push(2, "b1");
    l.remove(1, "a1");
    l.remove(2, "b1");
    l.remove(2, "b1");
    l.remove(3, "c1");
    CHECK(l.size() == 1);
    CHECK(all_of(l) == "a2 ");
}

TEST_CASE("a line knows how many each client has", "[http][unit]")
{
    line l;
    CHECK(l.size_of(1) == 0);
    l.push(1, "a1");
    l.push(1, "a2");
    CHECK(l.size_of(1) == 2);
    CHECK(l.pop_oldest_of(1) == "a1");
    l.remove(1, "a2");
    CHECK(l.size_of(1) == 0);
    CHECK(l.empty());
}
