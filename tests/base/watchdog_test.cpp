// SPDX-License-Identifier: MIT
#include "base/watchdog.hpp"

#include "support/await.hpp"
#include "support/catch.hpp"

#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <optional>

using namespace notify;
using namespace std::chrono_literals;
using notify::test::await;

namespace {

struct watchdog_fixture {
    static watchdog::clock::time_point in(std::chrono::milliseconds time)
    {
        return watchdog::clock::now() + time;
    }

    void watch(std::chrono::milliseconds time)
    {
        dog.emplace(loop.get_executor(), in(time), [this] { ++cuts; });
    }

    net::io_context loop;
    std::optional<watchdog> dog;
    int cuts = 0;
};

}  // namespace

TEST_CASE_METHOD(watchdog_fixture, "a watchdog cuts once when its time is over, and says so",
                 "[base][unit]")
{
    watch(20ms);
    loop.poll();
    CHECK(cuts == 0);
    CHECK_FALSE(dog->expired());
    loop.restart();
    loop.run_for(5s);
    CHECK(cuts == 1);
    CHECK(dog->expired());
}

TEST_CASE_METHOD(watchdog_fixture, "a watchdog whose time is over already does not cut at once",
                 "[base][unit]")
{
    watch(-1ms);
    CHECK(cuts == 0);
    loop.poll();
    CHECK(cuts == 1);
}

TEST_CASE_METHOD(watchdog_fixture, "a watchdog that is gone cuts nothing, and nothing waits for it",
                 "[base][unit]")
{
    watch(1h);
    dog.reset();
    CHECK(loop.run_for(5s) == 1);  // the cancelled wait
    CHECK(loop.stopped());
    CHECK(cuts == 0);
}

// Both timers are over when the loop looks: the watchdog's handler is queued behind
// the one that destroys it.
TEST_CASE_METHOD(watchdog_fixture, "a watchdog that goes when its handler is queued cuts nothing",
                 "[base][unit]")
{
    watch(-1ms);
    net::steady_timer earlier{loop, in(-1s)};
    earlier.async_wait([this](error_code const&) { dog.reset(); });
    CHECK(loop.poll() == 2);
    CHECK(cuts == 0);
}

TEST_CASE("a read that a watchdog cuts short fails, and the watchdog tells why", "[base][unit]")
{
    using protocol = net::local::stream_protocol;
    net::io_context loop;
    protocol::socket here{loop};
    protocol::socket there{loop};
    net::local::connect_pair(here, there);
    auto const read = [&]() -> net::awaitable<bool> {
        watchdog const limit{loop.get_executor(), watchdog_fixture::in(20ms),
                             [&] { here.close(); }};
        std::array<char, 8> bytes;
        auto const [ec, n] = co_await here.async_read_some(net::buffer(bytes), as_result);
        co_return ec == net::error::operation_aborted&& limit.expired();
    };
    CHECK(await(loop, read()));
}
