// SPDX-License-Identifier: MIT
#include "pubsub/hub.hpp"

#include "pubsub/memory_broker.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace notify;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;

// Encodes a message with a mark of its own, and counts.
struct marking_feed final : feed {
    explicit marking_feed(std::string m) : mark{std::move(m)} {}

    [[nodiscard]] frame encode(std::string_view payload) const override
    {
        ++count;
        return frame::text(mark + std::string{payload});
    }

    [[nodiscard]] frame encode(stored_entry const& e) const override
    {
        return encode(object_of(e));
    }

    std::string mark;
    mutable int count = 0;
};

// A subscriber that writes down what it is told, in a log that others share.
struct listener final : subscriber {
    listener(strings& l, std::string n, feed const& f) : subscriber{f}, log{l}, name{std::move(n)}
    {
    }

    void on_subscribed(std::optional<position> const&) noexcept override
    {
        log.push_back(name + " subscribed");
    }
    void on_resubscribed() noexcept override { log.push_back(name + " resubscribed"); }
    void on_gap() noexcept override { log.push_back(name + " gap"); }
    void on_subscribe_failed(subscribe_error why) noexcept override
    {
        log.push_back(name + (why == subscribe_error::refused ? " refused" : " failed"));
    }
    void on_too_large(std::size_t bytes) noexcept override
    {
        log.push_back(name + " misses " + std::to_string(bytes) + " bytes");
    }
    void on_message(frame const& f) override
    {
        log.push_back(name + " " + std::string{f.packet()});
        last = f.packet().data();
    }
    void on_missed(std::exception const&) noexcept override { log.push_back(name + " missed"); }

    strings& log;
    std::string name;
    char const* last = nullptr;
};

struct hub_fixture {
    strings log;
    memory_broker broker;
    shard_clock clock;
    hub h;
    marking_feed plain{""};
    listener a{log, "a", plain};
    listener b{log, "b", plain};
    listener c{log, "c", plain};

    explicit hub_fixture(hub_options options = {}) : h{broker, clock, options} { broker.come_up(); }

    void pass(milliseconds time)
    {
        time_ms const until = clock.after(time);
        while (clock.now() < until) clock.advance(std::min(clock.after(20ms), until));
    }

    // Joins and confirms, and forgets what was said of it.
    void join(listener& l, std::string_view channel)
    {
        h.join(channel, l);
        broker.confirm(channel);
        log.clear();
        broker.subscribed.clear();
    }

    strings told() { return std::exchange(log, {}); }
    strings asked() { return std::exchange(broker.subscribed, {}); }
    strings given_up() { return std::exchange(broker.unsubscribed, {}); }
};

}  // namespace

TEST_CASE("the first subscriber of a channel has it subscribed to", "[pubsub][unit]")
{
    hub_fixture f;
    f.h.join("news", f.a);
    CHECK(f.asked() == strings{"news"});
    CHECK(f.told().empty());
    CHECK(f.a.joined());
    f.broker.confirm("news");
    CHECK(f.told() == strings{"a subscribed"});
}

TEST_CASE("who joins before the confirmation is told with the first, in order", "[pubsub][unit]")
{
    hub_fixture f;
    for (listener* const l : {&f.b, &f.a, &f.c}) f.h.join("news", *l);
    CHECK(f.asked() == strings{"news"});
    f.broker.confirm("news");
    CHECK(f.told() == strings{"b subscribed", "a subscribed", "c subscribed"});
}

TEST_CASE("who joins after the confirmation is told at once", "[pubsub][unit]")
{
    hub_fixture f;
    f.join(f.a, "news");
    f.h.join("news", f.b);
    CHECK(f.told() == strings{"b subscribed"});
    CHECK(f.asked().empty());
}

TEST_CASE("a message goes to everybody on its channel and to nobody else", "[pubsub][unit]")
{
    hub_fixture f;
    f.join(f.a, "news");
    f.join(f.b, "news");
    f.join(f.c, "olds");
    f.broker.publish("news", "1");
    f.broker.publish("olds", "2");
    f.broker.publish("elsewhere", "3");
    f.broker.publish("", "4");
    CHECK(f.told() == strings{"a 1", "b 1", "c 2"});
    f.h.leave(f.a);
    f.broker.publish("news", "5");
    CHECK(f.told() == strings{"b 5"});
}

TEST_CASE("channels are confirmed in any order, each to its own subscribers", "[pubsub][unit]")
{
    hub_fixture f;
    f.h.join("one", f.a);
    f.h.join("two", f.b);
    f.broker.confirm("two");
    CHECK(f.told() == strings{"b subscribed"});
    f.broker.confirm("elsewhere");
    CHECK(f.told().empty());
    f.broker.confirm("one");
    CHECK(f.told() == strings{"a subscribed"});
}

TEST_CASE("all subscribers of a feed get one frame, encoded once", "[pubsub][unit]")
{
    hub_fixture f;
    marking_feed other{"other "};
    listener x{f.log, "x", other};
    listener y{f.log, "y", other};
    for (listener* const l : {&f.a, &x, &f.b, &y, &f.c}) f.join(*l, "news");
    f.broker.publish("news", "1");
    CHECK(f.told() == strings{"a 1", "x other 1", "b 1", "y other 1", "c 1"});
    CHECK(f.plain.count == 1);
    CHECK(other.count == 1);
    CHECK(f.a.last == f.b.last);
    CHECK(f.a.last == f.c.last);
    CHECK(x.last == y.last);
}

TEST_CASE("nothing is encoded when nobody listens", "[pubsub][unit]")
{
    hub_fixture f;
    f.join(f.a, "news");
    f.h.leave(f.a);
    f.broker.publish("news", "1");
    CHECK(f.plain.count == 0);
}

TEST_CASE("a channel is kept for some seconds after its last subscriber left", "[pubsub][unit]")
{
    hub_fixture f;
    f.join(f.a, "news");
    f.h.leave(f.a);
    CHECK_FALSE(f.a.joined());
    f.pass(4'980ms);
    CHECK(f.given_up().empty());
    CHECK(f.h.size() == 1);
    f.pass(20ms);
    CHECK(f.given_up() == strings{"news"});
    CHECK(f.h.size() == 0);
}

TEST_CASE("a channel that cannot be given up for want of memory is given up later",
          "[pubsub][unit]")
{
    hub_fixture f;
    f.join(f.a, "news");
    f.h.leave(f.a);
    f.broker.lacks_memory = true;
    f.pass(5'000ms);
    CHECK(f.given_up().empty());
    CHECK(f.h.size() == 1);
    f.pass(5'000ms);
    CHECK(f.given_up() == strings{"news"});
    CHECK(f.h.size() == 0);
}

TEST_CASE("the seconds begin when the last one leaves", "[pubsub][unit]")
{
    hub_fixture f;
    f.join(f.a, "news");
    f.join(f.b, "news");
    f.h.leave(f.a);
    f.pass(60s);
    f.h.leave(f.b);
    f.pass(4'900ms);
    CHECK(f.given_up().empty());
    f.pass(100ms);
    CHECK(f.given_up() == strings{"news"});
}

TEST_CASE("who comes back in time finds the channel as it was", "[pubsub][unit]")
{
    hub_fixture f;
    f.join(f.a, "news");
    for (int i = 0; i < 3; ++i) {
        f.h.leave(f.a);
        f.pass(4s);
        f.h.join("news", f.a);
        CHECK(f.told() == strings{"a subscribed"});
        f.pass(20s);
    }
    CHECK(f.asked().empty());
    CHECK(f.given_up().empty());
    f.broker.publish("news", "1");
    CHECK(f.told() == strings{"a 1"});
}

TEST_CASE("who comes back too late has the channel subscribed to again", "[pubsub][unit]")
{
    hub_fixture f;
    f.join(f.a, "news");
    f.h.leave(f.a);
    f.pass(5s);
    f.h.join("news", f.a);
    CHECK(f.asked() == strings{"news"});
    f.broker.publish("news", "on its way from before");
    CHECK(f.told().empty());
    f.broker.confirm("news");
    f.broker.publish("news", "1");
    CHECK(f.told() == strings{"a subscribed", "a 1"});
}

TEST_CASE("a channel that was left unconfirmed is given up after its confirmation",
          "[pubsub][unit]")
{
    hub_fixture f;
    f.h.join("news", f.a);
    f.h.leave(f.a);
    f.pass(60s);
    CHECK(f.given_up().empty());  // its confirmation is still to come
    f.broker.confirm("news");
    CHECK(f.told().empty());
    f.pass(5s);
    CHECK(f.given_up() == strings{"news"});
    CHECK(f.h.size() == 0);
}

TEST_CASE("joining and leaving before the confirmation asks for the channel once", "[pubsub][unit]")
{
    hub_fixture f;
    for (int i = 0; i < 5; ++i) {
        f.h.join("news", f.a);
        f.h.leave(f.a);
    }
    f.h.join("news", f.b);
    CHECK(f.asked() == strings{"news"});
    f.broker.confirm("news");
    CHECK(f.told() == strings{"b subscribed"});
}

TEST_CASE("leaving twice, or without having joined, is nothing", "[pubsub][unit]")
{
    hub_fixture f;
    f.h.leave(f.a);
    f.join(f.a, "news");
    f.h.leave(f.a);
    f.h.leave(f.a);
    f.pass(60s);
    CHECK(f.given_up() == strings{"news"});
}

TEST_CASE("a second join to another channel moves the subscriber", "[pubsub][unit]")
{
    hub_fixture f;
    f.join(f.a, "one");
    f.h.join("two", f.a);
    CHECK(f.asked() == strings{"two"});
    f.broker.publish("one", "1");
    CHECK(f.told().empty());
    f.broker.confirm("two");
    f.broker.publish("two", "2");
    CHECK(f.told() == strings{"a subscribed", "a 2"});
    f.pass(5s);
    CHECK(f.given_up() == strings{"one"});
}

TEST_CASE("a second join to the same channel is answered and doubles nothing", "[pubsub][unit]")
{
    hub_fixture f;
    f.h.join("news", f.a);
    f.h.join("news", f.a);
    f.broker.confirm("news");
    CHECK(f.told() == strings{"a subscribed"});
    f.h.join("news", f.a);
    CHECK(f.told() == strings{"a subscribed"});
    f.broker.publish("news", "1");
    CHECK(f.told() == strings{"a 1"});
    CHECK(f.asked() == strings{"news"});
    f.h.leave(f.a);
    f.pass(5s);
    CHECK(f.given_up() == strings{"news"});
}

TEST_CASE("a destroyed subscriber has left", "[pubsub][unit]")
{
    hub_fixture f;
    auto gone = std::make_unique<listener>(f.log, "gone", f.plain);
    f.join(*gone, "news");
    gone.reset();
    f.broker.publish("news", "1");
    CHECK(f.told().empty());
    f.pass(5s);
    CHECK(f.given_up() == strings{"news"});

    auto waiting = std::make_unique<listener>(f.log, "waiting", f.plain);
    f.h.join("olds", *waiting);
    waiting.reset();
    f.broker.confirm("olds");
    f.pass(5s);
    CHECK(f.told().empty());
    CHECK(f.h.size() == 0);
}

TEST_CASE("a confirmation that does not come in time is a failure", "[pubsub][unit]")
{
    hub_fixture f;
    f.h.join("news", f.a);
    f.pass(1'980ms);
    CHECK(f.told().empty());
    f.pass(20ms);
    CHECK(f.told() == strings{"a failed"});
    CHECK_FALSE(f.a.joined());
    f.pass(60s);
    CHECK(f.told().empty());
}

TEST_CASE("after a failure another try waits anew", "[pubsub][unit]")
{
    hub_fixture f;
    f.h.join("news", f.a);
    f.pass(2s);
    f.told();
    f.h.join("news", f.a);
    CHECK(f.asked() == strings{"news"});  // once: it is still being waited for
    f.pass(1'900ms);
    CHECK(f.told().empty());
    f.broker.confirm("news");
    CHECK(f.told() == strings{"a subscribed"});
    f.pass(60s);
    CHECK(f.told().empty());
}

TEST_CASE("who joins a channel that the first has left has its own time to wait", "[pubsub][unit]")
{
    hub_fixture f;
    f.h.join("news", f.a);
    f.pass(1s);
    f.h.leave(f.a);
    f.pass(500ms);
    f.h.join("news", f.b);
    f.pass(1'980ms);
    CHECK(f.told().empty());
    f.pass(20ms);
    CHECK(f.told() == strings{"b failed"});
}

TEST_CASE("a confirmation after everybody was told of the failure is tidied up", "[pubsub][unit]")
{
    hub_fixture f;
    f.h.join("news", f.a);
    f.pass(2s);
    f.told();
    f.broker.confirm("news");
    CHECK(f.told().empty());
    f.pass(5s);
    CHECK(f.given_up() == strings{"news"});
    CHECK(f.h.size() == 0);
}

TEST_CASE("who joins while the broker is away is subscribed when it is back", "[pubsub][unit]")
{
    hub_fixture f;
    f.broker.go_down();
    f.h.join("news", f.a);
    CHECK(f.asked().empty());
    f.pass(1s);
    f.broker.come_up();
    CHECK(f.asked() == strings{"news"});
    f.broker.confirm("news");
    CHECK(f.told() == strings{"a subscribed"});
}

TEST_CASE("who joins while the broker stays away is told so, and not subscribed later",
          "[pubsub][unit]")
{
    hub_fixture f;
    f.broker.go_down();
    f.h.join("news", f.a);
    f.pass(2s);
    CHECK(f.told() == strings{"a failed"});
    CHECK(f.h.size() == 0);
    f.broker.come_up();
    CHECK(f.asked().empty());
}

TEST_CASE("a broker that comes back is asked for exactly what is wanted", "[pubsub][unit]")
{
    hub_fixture f;
    f.join(f.a, "told");
    f.join(f.b, "lingering");
    f.h.leave(f.b);
    f.h.join("waiting", f.c);
    f.asked();
    f.broker.go_down();
    CHECK(f.told().empty());
    CHECK(f.h.size() == 2);
    f.broker.come_up();
    strings again = f.asked();
    std::sort(again.begin(), again.end());
    CHECK(again == strings{"told", "waiting"});
    CHECK(f.given_up().empty());

    f.broker.confirm("told");
    CHECK(f.told() == strings{"a resubscribed"});  // it may have lost something
    f.broker.confirm("told");
    CHECK(f.told().empty());
    f.broker.confirm("waiting");
    CHECK(f.told() == strings{"c subscribed"});
    f.broker.publish("told", "1");
    CHECK(f.told() == strings{"a 1"});
}

TEST_CASE("who leaves while the broker is away is not subscribed again", "[pubsub][unit]")
{
    hub_fixture f;
    auto destroyed = std::make_unique<listener>(f.log, "destroyed", f.plain);
    f.join(f.a, "left");
    f.join(*destroyed, "gone");
    f.join(f.b, "moved from");
    f.join(f.c, "stayed");
    f.broker.go_down();
    f.h.leave(f.a);
    destroyed.reset();
    f.h.join("moved to", f.b);
    f.pass(1s);
    f.broker.come_up();
    strings again = f.asked();
    std::sort(again.begin(), again.end());
    CHECK(again == strings{"moved to", "stayed"});
    f.pass(60s);
    CHECK(f.given_up().empty());
}

TEST_CASE("a loss fails only those who still wait, in their time", "[pubsub][unit]")
{
    hub_fixture f;
    f.join(f.a, "news");
    f.broker.go_down();
    f.h.join("news", f.b);
    f.pass(2s);
    CHECK(f.told() == strings{"b failed"});
    CHECK(f.a.joined());
    f.pass(60s);
    f.broker.come_up();
    f.broker.confirm("news");
    f.broker.publish("news", "1");
    CHECK(f.told() == strings{"a resubscribed", "a 1"});
}

TEST_CASE("who waits when the broker is lost goes on waiting, but not for ever", "[pubsub][unit]")
{
    hub_fixture f;
    f.h.join("one", f.a);
    f.pass(1s);
    f.broker.go_down();
    f.pass(500ms);
    f.broker.come_up();
    f.broker.go_down();
    f.pass(500ms);
    CHECK(f.told() == strings{"a failed"});
}

TEST_CASE("a channel left after its broker came back waits for its confirmation", "[pubsub][unit]")
{
    hub_fixture f;
    f.join(f.a, "news");
    f.broker.go_down();
    f.broker.come_up();
    f.h.leave(f.a);
    f.pass(60s);
    CHECK(f.given_up().empty());
    f.broker.confirm("news");
    f.pass(5s);
    CHECK(f.given_up() == strings{"news"});
}

TEST_CASE("many channels are all asked for again, each once", "[pubsub][unit]")
{
    hub_fixture f;
    std::vector<std::unique_ptr<listener>> many;
    strings names;
    for (int i = 0; i < 2500; ++i) {
        many.push_back(std::make_unique<listener>(f.log, "x", f.plain));
        names.push_back("/app/user/" + std::to_string(i));
        f.join(*many.back(), names.back());
    }
    for (int i = 0; i < 3; ++i) {
        f.broker.go_down();
        f.broker.come_up();
        strings again = f.asked();
        std::sort(again.begin(), again.end());
        std::sort(names.begin(), names.end());
        CHECK((again == names));
    }
    f.broker.go_down();
    many.clear();
    CHECK(f.h.size() == 0);
}

TEST_CASE("a channel takes subscribers up to its limit and refuses the one past it",
          "[pubsub][unit]")
{
    hub_options options;
    options.max_subscribers = 2;
    hub_fixture f{options};
    f.join(f.a, "news");
    f.join(f.b, "news");
    f.h.join("news", f.c);
    CHECK(f.told() == strings{"c failed"});
    CHECK_FALSE(f.c.joined());
    f.h.join("news", f.a);  // is one of the two
    CHECK(f.told() == strings{"a subscribed"});
    f.h.leave(f.a);
    f.h.join("news", f.c);
    CHECK(f.told() == strings{"c subscribed"});
    f.h.join("olds", f.a);  // each channel counts by itself
    CHECK(f.a.joined());
}

TEST_CASE("those who failed make room", "[pubsub][unit]")
{
    hub_options options;
    options.max_subscribers = 1;
    hub_fixture f{options};
    f.h.join("news", f.a);
    f.pass(2s);
    f.h.join("news", f.b);
    CHECK(f.told() == strings{"a failed"});
    f.broker.confirm("news");
    CHECK(f.told() == strings{"b subscribed"});
}

TEST_CASE("a channel that the broker refuses is given up, and nobody else notices",
          "[pubsub][unit]")
{
    hub_fixture f;
    f.join(f.c, "olds");
    f.h.join("news", f.a);
    f.h.join("news", f.b);
    f.broker.refuse("news");
    CHECK(f.told() == strings{"a refused", "b refused"});
    CHECK_FALSE(f.a.joined());
    CHECK(f.h.size() == 1);
    CHECK(f.given_up().empty());
    f.broker.publish("olds", "1");
    CHECK(f.told() == strings{"c 1"});
    f.asked();
    f.h.join("news", f.a);  // it may have been allowed since
    CHECK(f.asked() == strings{"news"});
    f.broker.confirm("news");
    CHECK(f.told() == strings{"a subscribed"});
}

TEST_CASE("a channel that is refused after a loss is lost for those who had it", "[pubsub][unit]")
{
    hub_fixture f;
    f.join(f.a, "news");
    f.broker.go_down();
    f.broker.come_up();
    f.broker.refuse("news");
    CHECK(f.told() == strings{"a refused"});
    f.broker.refuse("news");  // nobody's
    f.broker.refuse("elsewhere");
    CHECK(f.told().empty());
    CHECK(f.h.size() == 0);
}

TEST_CASE("a message above the limit is told as such, once to each, and what follows arrives",
          "[pubsub][unit]")
{
    hub_fixture f{{.max_message = 10}};
    f.join(f.a, "news");
    f.join(f.b, "news");
    f.broker.publish("news", std::string(10, 'x'));
    CHECK(f.told() == strings{"a xxxxxxxxxx", "b xxxxxxxxxx"});
    f.broker.publish("news", std::string(11, 'x'));
    f.broker.pass_over("news", 5'000'000);
    f.broker.pass_over("elsewhere", 5'000'000);
    f.broker.publish("news", "small");
    CHECK(f.told() == strings{"a misses 11 bytes", "b misses 11 bytes", "a misses 5000000 bytes",
                              "b misses 5000000 bytes", "a small", "b small"});
    CHECK(f.plain.count == 2);
    auto const large = f.h.take_undelivered();
    CHECK(large.too_large == 2);
    CHECK(large.newest_bytes == 5'000'000);
    CHECK(f.h.take_undelivered().too_large == 0);
}

TEST_CASE("a message that grows past twice the limit when it is encoded is too large as well",
          "[pubsub][unit]")
{
    hub_fixture f{{.max_message = 1'000}};
    marking_feed large{std::string(2'100, 'm')};
    listener x{f.log, "x", large};
    f.join(f.a, "news");
    f.join(x, "news");
    f.broker.publish("news", std::string(1'000, 'p'));
    CHECK(f.told() == strings{"a " + std::string(1'000, 'p'), "x misses 1000 bytes"});
    CHECK(f.h.take_undelivered().too_large == 1);
    f.broker.publish("news", "");
    CHECK(f.told().size() == 2);
    CHECK(f.h.take_undelivered().too_large == 0);
}
