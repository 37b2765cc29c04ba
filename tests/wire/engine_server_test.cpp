// SPDX-License-Identifier: MIT
#include "wire/engine_server.hpp"

#include "support/catch.hpp"

#include <new>

using namespace notify;

TEST_CASE("the clock of a shard goes on after a tick that has failed", "[wire][unit]")
{
    capacity limits;
    engine_server server{{}, {}, limits, {net::ip::address_v4::loopback(), 0}};
    int ticks = 0;
    server.set_duties({.tick = [&] {
        if (++ticks == 1) throw std::bad_alloc{};
        if (ticks == 3) server.stop();
    }});
    server.run();
    CHECK(ticks > 3);
}
