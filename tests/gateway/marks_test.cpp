// SPDX-License-Identifier: MIT
#include "gateway/marks.hpp"

#include "support/catch.hpp"

#include <functional>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

using namespace notify;
using namespace std::chrono_literals;

namespace {

struct waiting_tab final : mark_listener {
    void on_marked(result<std::uint64_t> const& unread) override
    {
        said = unread ? std::to_string(*unread) : unread.error().message;
        if (then) std::exchange(then, {})();
    }

    std::string said;
    std::function<void()> then;
};

struct marks_fixture {
    struct run {
        std::string channel;
        mark_request request;
        std::function<void(result<std::uint64_t>)> done;
    };

    std::vector<run> runs;  // scripts that Redis was asked for, oldest first
    bool lacks_memory = false;
    shard_clock clock;
    marks all{[this](std::string const& channel, mark_request const& request, auto done) {
                  if (lacks_memory) throw std::bad_alloc{};
                  runs.push_back({channel, request, std::move(done)});
              },
              clock};
    waiting_tab a, b, c;

    void pass(milliseconds time) { clock.advance(clock.after(time)); }
};

mark_request const first{false, {"1-1"}};
mark_request const second{false, {"1-2"}};
mark_request const third{false, {"1-3"}};

}  // namespace

TEST_CASE("a mark is made at once, and its tab hears what is unread", "[gateway][unit]")
{
    marks_fixture f;
    f.all.mark("c", first, f.a);
    REQUIRE(f.runs.size() == 1);
    CHECK(f.runs[0].channel == "c");
    CHECK(f.runs[0].request.ids == first.ids);
    CHECK(f.a.said.empty());
    f.runs[0].done(3);
    CHECK(f.a.said == "3");
}

TEST_CASE("what a user's tabs mark meanwhile goes together, a moment later", "[gateway][unit]")
{
    marks_fixture f;
    f.all.mark("c", first, f.a);
    f.all.mark("c", second, f.b);
    f.runs[0].done(3);
    f.all.mark("c", third, f.c);
    CHECK(f.runs.size() == 1);
    CHECK(f.b.said.empty());
    f.pass(marks::pause + 20ms);
    REQUIRE(f.runs.size() == 2);
    CHECK(f.runs[1].request.ids == std::vector<std::string>{"1-2", "1-3"});
    f.runs[1].done(1);
    CHECK(f.b.said == "1");
    CHECK(f.c.said == "1");
}

TEST_CASE("users do not wait for each other's marks", "[gateway][unit]")
{
    marks_fixture f;
    f.all.mark("c", first, f.a);
    f.all.mark("d", first, f.b);
    CHECK(f.runs.size() == 2);
}

TEST_CASE("a user who marks again after a while waits for nothing", "[gateway][unit]")
{
    marks_fixture f;
    f.all.mark("c", first, f.a);
    f.runs[0].done(0);
    f.pass(marks::pause + 20ms);
    f.all.mark("c", first, f.a);
    CHECK(f.runs.size() == 2);
}

TEST_CASE("a tab that is told may mark something else at once", "[gateway][unit]")
{
    marks_fixture f;
    f.a.then = [&f] { f.all.mark("c", second, f.a); };
    f.all.mark("c", first, f.a);
    f.runs[0].done(2);
    f.pass(marks::pause + 20ms);
    REQUIRE(f.runs.size() == 2);
    f.runs[1].done(1);
    CHECK(f.a.said == "1");
}

TEST_CASE("a tab that leaves is not told, and its mark is made", "[gateway][unit]")
{
    marks_fixture f;
    auto gone = std::make_unique<waiting_tab>();
    f.all.mark("c", first, *gone);
    gone.reset();
    f.runs[0].done(2);
    CHECK(f.runs.size() == 1);
}

TEST_CASE("why a mark could not be made is told", "[gateway][unit]")
{
    marks_fixture f;
    f.all.mark("c", first, f.a);
    f.runs[0].done(error{"Redis is away"});
    CHECK(f.a.said == "Redis is away");
    f.pass(marks::pause + 20ms);
    f.lacks_memory = true;
    f.all.mark("c", first, f.b);
    CHECK_FALSE(f.b.said.empty());
}

TEST_CASE("more than one request may name is refused, and the rest goes on", "[gateway][unit]")
{
    marks_fixture f;
    f.all.mark("c", first, f.a);
    f.all.mark("c", {false, std::vector<std::string>(mark_request::max_ids, "1-1")}, f.b);
    f.all.mark("c", second, f.c);
    CHECK_THAT(f.c.said, Catch::Contains("too many"));
    f.runs[0].done(0);
    f.pass(marks::pause + 20ms);
    CHECK(f.runs[1].request.ids.size() == mark_request::max_ids);
}
