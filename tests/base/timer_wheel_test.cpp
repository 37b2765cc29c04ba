// SPDX-License-Identifier: MIT
#include "base/timer_wheel.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <vector>

using notify::milliseconds;
using notify::time_ms;
using notify::timer;
using notify::timer_wheel;

namespace {

// A timer that remembers when it fired, and then does as it is told.
struct probe : timer {
    std::vector<time_ms> fired;
    std::function<void(time_ms)> then;

    void on_timer(time_ms now) noexcept override
    {
        fired.push_back(now);
        if (then) then(now);
    }
};

using times = std::vector<time_ms>;

// 10 ms and 8 slots: a round is 80 ms.
struct small_wheel : timer_wheel {
    small_wheel() : timer_wheel{milliseconds{10}, 8} {}
};

}  // namespace

TEST_CASE("a timer fires once, in the first sweep at or after it is due", "[base][unit]")
{
    small_wheel wheel;
    probe t;
    wheel.arm(t, 30);
    CHECK(t.armed());
    wheel.sweep(29);
    CHECK(t.fired.empty());
    wheel.sweep(30);
    CHECK(t.fired == times{30});
    CHECK_FALSE(t.armed());
    wheel.sweep(500);
    CHECK(t.fired == times{30});
}

TEST_CASE("a timer is up to a tick late and never early", "[base][unit]")
{
    for (time_ms due = 1; due <= 200; ++due) {
        small_wheel wheel;
        probe t;
        wheel.arm(t, due);
        for (time_ms now = 0; now <= 220; ++now) wheel.sweep(now);
        REQUIRE(t.fired.size() == 1);
        CHECK(t.fired[0] >= due);
        CHECK(t.fired[0] < due + 10);
    }
}

TEST_CASE("timers fire in the order of their ticks", "[base][unit]")
{
    small_wheel wheel;
    probe a, b, c;
    std::vector<char> order;
    a.then = [&order](time_ms) { order.push_back('a'); };
    b.then = [&order](time_ms) { order.push_back('b'); };
    c.then = [&order](time_ms) { order.push_back('c'); };
    wheel.arm(c, 70);
    wheel.arm(a, 10);
    wheel.arm(b, 40);
    wheel.sweep(80);
    CHECK(order == std::vector{'a', 'b', 'c'});
}

TEST_CASE("what is overdue when it is armed fires in the next sweep", "[base][unit]")
{
    small_wheel wheel;
    probe t;
    wheel.sweep(1000);
    wheel.arm(t, 5);
    wheel.sweep(1000);
    CHECK(t.fired.empty());
    wheel.sweep(1010);
    CHECK(t.fired == times{1010});
}

TEST_CASE("arming again moves a timer", "[base][unit]")
{
    small_wheel wheel;
    probe t;
    wheel.arm(t, 20);
    wheel.arm(t, 60);
    wheel.sweep(50);
    CHECK(t.fired.empty());
    wheel.arm(t, 200);
    wheel.arm(t, 70);
    wheel.sweep(300);
    CHECK(t.fired == times{300});
}

TEST_CASE("a disarmed or destroyed timer does not fire", "[base][unit]")
{
    small_wheel wheel;
    probe t;
    {
        probe gone;
        gone.then = [](time_ms) { FAIL("fired after its end"); };
        wheel.arm(gone, 20);
    }
    wheel.arm(t, 20);
    t.disarm();
    CHECK_FALSE(t.armed());
    t.disarm();  // again: no effect
    wheel.sweep(100);
    CHECK(t.fired.empty());
    wheel.arm(t, 120);
    wheel.sweep(120);
    CHECK(t.fired == times{120});
}

TEST_CASE("a timer may outlive its wheel", "[base][unit]")
{
    probe t;
    {
        small_wheel wheel;
        wheel.arm(t, 20);
    }
    CHECK_FALSE(t.armed());
}

TEST_CASE("a timer waits for its own round", "[base][unit]")
{
    small_wheel wheel;
    probe soon, next_round, far;
    wheel.arm(far, 20 + 80 * 1000);
    wheel.arm(next_round, 20 + 80);
    wheel.arm(soon, 20);
    for (time_ms now = 10; now <= 90; now += 10) wheel.sweep(now);
    CHECK(soon.fired == times{20});
    CHECK(next_round.fired.empty());
    for (time_ms now = 100; now <= 81'000; now += 10) wheel.sweep(now);
    CHECK(next_round.fired == times{100});
    CHECK(far.fired == times{80'020});
}

TEST_CASE("a timer may be armed for the end of time", "[base][unit]")
{
    small_wheel wheel;
    probe t;
    wheel.arm(t, std::numeric_limits<time_ms>::max());
    for (time_ms now = 0; now < 1000; now += 10) wheel.sweep(now);
    CHECK(t.fired.empty());
    CHECK(t.armed());
}

TEST_CASE("after a long pause everything due fires at once", "[base][unit]")
{
    small_wheel wheel;
    std::vector<std::unique_ptr<probe>> timers;
    for (time_ms due = 10; due <= 1000; due += 10) {
        timers.push_back(std::make_unique<probe>());
        wheel.arm(*timers.back(), due);
    }
    wheel.sweep(500);
    for (std::size_t i = 0; i < timers.size(); ++i)
        CHECK(timers[i]->fired == (i < 50 ? times{500} : times{}));
    wheel.sweep(1'000'000'000'000);
    for (std::size_t i = 50; i < timers.size(); ++i)
        CHECK(timers[i]->fired == times{1'000'000'000'000});
}

TEST_CASE("a timer may disarm another that is due with it", "[base][unit]")
{
    small_wheel wheel;
    probe first, second, third;
    first.then = [&second](time_ms) { second.disarm(); };
    for (probe* const t : {&first, &second, &third}) wheel.arm(*t, 20);
    wheel.sweep(20);
    CHECK(first.fired == times{20});
    CHECK(second.fired.empty());
    CHECK(third.fired == times{20});
}

TEST_CASE("a timer may destroy itself and others that are due with it", "[base][unit]")
{
    small_wheel wheel;
    std::vector<std::unique_ptr<probe>> timers;
    int count = 0;
    for (int i = 0; i < 10; ++i) {
        timers.push_back(std::make_unique<probe>());
        timers.back()->then = [&count, &timers](time_ms) {
            ++count;
            auto const doomed = std::move(timers);  // all of them, and itself last of all
            timers.clear();
        };
        wheel.arm(*timers.back(), i % 2 == 0 ? 20 : 20 + 80);  // one slot, two rounds
    }
    wheel.sweep(30);
    wheel.sweep(200);
    CHECK(count == 1);
}

TEST_CASE("a timer may move another that is due with it", "[base][unit]")
{
    small_wheel wheel;
    probe first, second;
    first.then = [&wheel, &second](time_ms) { wheel.arm(second, 20 + 80); };
    wheel.arm(first, 20);
    wheel.arm(second, 20);
    wheel.sweep(20);
    CHECK(second.fired.empty());
    wheel.sweep(90);
    CHECK(second.fired.empty());
    wheel.sweep(100);
    CHECK(second.fired == times{100});
}

TEST_CASE("a timer that arms itself for now fires once in each sweep", "[base][unit]")
{
    for (time_ms const back : {time_ms{0}, time_ms{50}}) {
        small_wheel wheel;
        probe t;
        t.then = [&wheel, &t, back](time_ms now) { wheel.arm(t, now - back); };
        wheel.arm(t, 10);
        wheel.sweep(60);  // several ticks at once
        CHECK(t.fired == times{60});
        wheel.sweep(70);
        CHECK(t.fired == times{60, 70});
        wheel.sweep(5000);  // more than a round
        CHECK(t.fired == times{60, 70, 5000});
    }
}

TEST_CASE("many timers do as a simple list of times would", "[base][unit]")
{
    struct pair {
        probe real;
        std::optional<time_ms> due;  // the model
        times fired;
    };
    std::mt19937 random{1987};
    auto const below = [&random](time_ms n) { return static_cast<time_ms>(random()) % n; };
    small_wheel wheel;
    std::vector<pair> pairs(300);
    time_ms now = 0;
    time_ms swept = 0;  // in whole ticks
    for (int step = 0; step < 20'000; ++step) {
        pair& p = pairs[below(pairs.size())];
        time_ms const what = below(10);
        if (what < 6) {
            time_ms const due = now + below(below(4) == 0 ? 1000 : 100);
            wheel.arm(p.real, due);
            p.due = std::max((due + 9) / 10 * 10, swept + 10);
        } else if (what < 7) {
            p.real.disarm();
            p.due.reset();
        } else {
            now += below(below(50) == 0 ? 500 : 15);
            swept = now / 10 * 10;
            wheel.sweep(now);
            for (pair& q : pairs) {
                if (q.due && *q.due <= now) {
                    q.due.reset();
                    q.fired.push_back(now);
                }
                if (q.real.fired != q.fired || q.real.armed() != q.due.has_value())
                    FAIL("step " << step << ", at " << now);
            }
        }
    }
}
