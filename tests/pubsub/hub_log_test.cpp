// SPDX-License-Identifier: MIT
//
// What the hub does with the logs of its channels: whoever subscribes gets each stored entry once
// and in order, and hears of what may be missing.
#include "pubsub/hub.hpp"

#include "pubsub/memory_broker.hpp"
#include "pubsub/memory_message_log.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace notify;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;

struct plain_text final : feed {
    [[nodiscard]] frame encode(std::string_view payload) const override
    {
        return frame::text(payload);
    }
    [[nodiscard]] frame encode(stored_entry const& e) const override
    {
        return frame::text(e.fields);
    }
};

// Notes what it is told, for instance "here@0 a b gap".
struct follower final : subscriber {
    explicit follower(feed const& f) : subscriber{f} {}

    void on_subscribed(std::optional<position> const& at) noexcept override
    {
        say("here@" + (at ? std::to_string(at->number) : "?"));
    }
    void on_resubscribed() noexcept override { say("again"); }
    void on_gap() noexcept override { say("gap"); }
    void on_resumed(bool whole) noexcept override { say(whole ? "whole" : "part"); }
    [[nodiscard]] bool has_room() const noexcept override { return room; }
    void on_subscribe_failed(subscribe_error) noexcept override { say("failed"); }
    void on_message(frame const& f) override { say(std::string{f.packet()}); }
    void on_too_large(std::size_t) noexcept override { say("large"); }
    void on_missed(std::exception const&) noexcept override { say("missed"); }

    void say(std::string_view what)
    {
        if (!said_.empty()) said_ += ' ';
        said_ += what;
    }
    std::string said() { return std::exchange(said_, {}); }

    bool room = true;

private:
    std::string said_;
};

struct log_fixture {
    memory_broker broker;
    memory_message_log log;
    shard_clock clock;
    hub h{broker, clock, {}, &log};
    plain_text plain;
    follower a{plain};
    follower b{plain};
    follower c{plain};

    log_fixture() { broker.come_up(); }

    // Stores an entry of which nobody hears. The memory log keeps fields as they are.
    position store(std::string const& text, std::string const& channel = "c")
    {
        return log.append(channel, fields_of(text));
    }
    position publish(std::string const& text, std::string const& channel = "c")
    {
        position const p = store(text, channel);
        hear(p, text, channel);
        return p;
    }
    void hear(position const& p, std::string const& text, std::string const& channel = "c")
    {
        stored_entry e;
        e.where = p;
        std::string const fields = fields_of(text);
        e.fields = fields;
        broker.publish(channel, entry_mark + object_of(e));
    }
    // As a script writes them.
    static std::string fields_of(std::string const& text)
    {
        return R"("unread":1,"message":")" + text + "\"}";
    }

    // Joins and is subscribed, where the log ends.
    void begin(follower& f)
    {
        h.join("c", f, log_start{});
        broker.confirm("c");
        answer_all();
        f.said();
    }
    void answer_all()
    {
        while (log.waiting() > 0) log.answer();
    }
    void pass(milliseconds time)
    {
        time_ms const until = clock.after(time);
        while (clock.now() < until) clock.advance(std::min(clock.after(20ms), until));
    }
    void be_lost()
    {
        broker.go_down();
        broker.come_up();
        broker.confirm("c");
    }
};

std::string shown(std::string text)
{
    for (std::string const part : {R"("unread":1,"message":")", "\"}"})
        for (auto at = text.find(part); at != text.npos; at = text.find(part))
            text.erase(at, part.size());
    return text;
}

std::string said(follower& f) { return shown(f.said()); }

}  // namespace

TEST_CASE("a subscription is confirmed when the log has said where it ends", "[pubsub][unit]")
{
    log_fixture f;
    f.store("before");
    f.h.join("c", f.a, log_start{});
    f.broker.confirm("c");
    CHECK(said(f.a).empty());
    f.log.answer();
    CHECK(said(f.a) == "here@1");
    f.publish("x");
    CHECK(said(f.a) == "x");
    f.h.join("c", f.b, log_start{});
    CHECK(said(f.b) == "here@2");
}

TEST_CASE("an entry that was not heard is read before the next", "[pubsub][unit]")
{
    log_fixture f;
    f.begin(f.a);
    f.publish("x");
    f.store("y");
    f.publish("z");
    CHECK(said(f.a) == "x");
    f.answer_all();
    CHECK(said(f.a) == "y z");
}

TEST_CASE("what was stored while the broker was away follows the confirmation", "[pubsub][unit]")
{
    log_fixture f;
    f.begin(f.a);
    f.broker.go_down();
    f.store("x");
    f.broker.come_up();
    f.broker.confirm("c");
    CHECK(said(f.a) == "again");
    f.publish("y");
    f.h.join("c", f.b, log_start{});
    CHECK(said(f.b).empty());
    f.answer_all();
    CHECK(said(f.a) == "x y");
    CHECK(said(f.b) == "here@2");
}

TEST_CASE("a message that is sent live goes to those who were told that they are subscribed",
          "[pubsub][unit]")
{
    log_fixture f;
    f.h.join("c", f.a, log_start{});
    f.broker.confirm("c");
    f.broker.publish("c", "too early");
    f.answer_all();
    f.broker.publish("c", "live");
    CHECK(said(f.a) == "here@0 live");
}

TEST_CASE("who comes back gets what follows its position, and then what the others get",
          "[pubsub][unit]")
{
    log_fixture f;
    f.begin(f.a);
    position const x = f.publish("x");
    f.publish("y");
    f.publish("z");
    f.a.said();
    f.h.join("c", f.b, log_start::after(x));
    CHECK(said(f.b).empty());
    SECTION("nothing happens meanwhile") {}
    SECTION("an entry is published before the log is read")
    {
        f.publish("v");
        f.answer_all();
        CHECK(said(f.b) == "whole y z v here@4");
        return;
    }
    SECTION("an entry is published after the log is read")
    {
        f.log.work();
        f.publish("v");
        f.answer_all();
        CHECK(said(f.b) == "whole y z v here@4");
        return;
    }
    f.answer_all();
    CHECK(said(f.b) == "whole y z here@3");
    f.publish("w");
    CHECK(said(f.b) == "w");
    CHECK(said(f.a) == "w");
}

TEST_CASE("who comes back waits for the channel's confirmation like all others", "[pubsub][unit]")
{
    log_fixture f;
    position const x = f.store("x");
    f.store("y");
    f.h.join("c", f.a, log_start::after(x));
    CHECK(f.log.waiting() == 0);
    f.broker.confirm("c");
    f.answer_all();
    CHECK(said(f.a) == "whole y here@2");
}

TEST_CASE("who comes back is told of a gap before anything else", "[pubsub][unit]")
{
    log_fixture f;
    f.begin(f.a);
    position const x = f.publish("x");
    f.publish("y");
    f.publish("z");
    SECTION("the log was trimmed")
    {
        f.log.trim("c", 1);
        f.h.join("c", f.b, log_start::after(x));
        f.answer_all();
        CHECK(said(f.b) == "part z here@3");
    }
    SECTION("the position is another history's")
    {
        position other = x;
        --other.at;
        f.h.join("c", f.b, log_start::after(other));
        f.answer_all();
        CHECK(said(f.b) == "part x y z here@3");
    }
    SECTION("the log cannot be read")
    {
        f.log.fails = 3;
        f.h.join("c", f.b, log_start::after(x));
        for (int i = 0; i < 3; ++i) {
            f.answer_all();
            f.pass(log_reads::pause + 20ms);
        }
        CHECK(said(f.b) == "part here@3");
        f.publish("w");
        CHECK(said(f.b) == "w");
    }
}

TEST_CASE("who comes back does not wait for the next entry where its channel is behind the log",
          "[pubsub][unit]")
{
    log_fixture f;
    f.begin(f.a);
    position const x = f.publish("x");
    CHECK(said(f.a) == "x");
    SECTION("because an entry was not heard")
    {
        f.store("y");
        f.h.join("c", f.b, log_start::after(x));
        f.answer_all();
        CHECK(said(f.b) == "whole y here@2");
        CHECK(said(f.a) == "y");
    }
    SECTION("because the log is a new one")
    {
        f.log.expire("c");
        f.h.join("c", f.b, log_start::after(x));
        f.answer_all();
        CHECK(said(f.b) == "part here@0");
        CHECK(said(f.a) == "gap");
    }
    f.publish("z");
    CHECK(said(f.a) == "z");
    CHECK(said(f.b) == "z");
}

TEST_CASE("who begins at a time or at the log's beginning misses nothing", "[pubsub][unit]")
{
    log_fixture f;
    position const x = f.store("x");
    f.store("y");
    f.begin(f.a);
    f.h.join("c", f.b, log_start{log_start::kind::all, {}});
    f.h.join("c", f.c, log_start{log_start::kind::time, x});
    f.answer_all();
    CHECK(said(f.b) == "whole x y here@2");
    CHECK(said(f.c) == "whole y here@2");
}

TEST_CASE("who comes back while the broker is lost goes on when it is back", "[pubsub][unit]")
{
    log_fixture f;
    f.begin(f.a);
    position const x = f.publish("x");
    f.publish("y");
    f.h.join("c", f.b, log_start::after(x));
    f.log.work();
    f.broker.go_down();
    f.store("z");
    f.answer_all();
    CHECK(said(f.b).empty());
    f.broker.come_up();
    f.broker.confirm("c");
    f.answer_all();
    CHECK(said(f.b) == "whole y z here@3");
}

TEST_CASE("who does not take what it gets is read for later", "[pubsub][unit]")
{
    log_fixture f;
    f.begin(f.a);
    position const x = f.publish("x");
    f.publish("y");
    f.b.room = false;
    f.h.join("c", f.b, log_start::after(x));
    CHECK(f.log.waiting() == 0);
    f.pass(log_reads::pause + 20ms);
    CHECK(f.log.waiting() == 0);
    f.b.room = true;
    f.pass(log_reads::pause + 20ms);
    f.answer_all();
    CHECK(said(f.b) == "whole y here@2");
}

TEST_CASE("who leaves while its log is read is forgotten", "[pubsub][unit]")
{
    log_fixture f;
    f.begin(f.a);
    position const x = f.publish("x");
    auto gone = std::make_unique<follower>(f.plain);
    f.h.join("c", *gone, log_start::after(x));
    gone.reset();
    f.answer_all();
    f.publish("y");
    CHECK(said(f.a) == "x y");
}

TEST_CASE("so many logs are read at a time, the first one first", "[pubsub][unit]")
{
    log_fixture f;
    std::vector<std::unique_ptr<follower>> many;
    for (std::size_t i = 0; i < 2 * log_reads::max_under_way; ++i) {
        std::string const name = "c" + std::to_string(i);
        many.push_back(std::make_unique<follower>(f.plain));
        f.h.join(name, *many.back(), log_start{});
        f.broker.confirm(name);
    }
    CHECK(f.log.waiting() == log_reads::max_under_way);
    f.log.answer();
    CHECK(f.log.waiting() == log_reads::max_under_way);
    CHECK(said(*many.front()) == "here@0");
    f.log.go_down();
    for (std::size_t i = 0; i < log_reads::max_under_way; ++i) f.log.answer();
    CHECK(f.log.waiting() == 0);
    f.log.come_up();
    f.answer_all();
    for (std::size_t i = 1; i < many.size(); ++i) CHECK(said(*many[i]) == "here@0");
}

TEST_CASE("a subscription whose log is not read in time has failed", "[pubsub][unit]")
{
    log_fixture f;
    f.log.go_down();
    f.h.join("c", f.a, log_start{});
    f.broker.confirm("c");
    f.pass(2'100ms);
    CHECK(said(f.a) == "failed");
    f.log.come_up();
    f.h.join("c", f.b, log_start{});
    f.answer_all();
    CHECK(said(f.b) == "here@0");
}

TEST_CASE("a log that cannot be read costs the subscription nothing but the log", "[pubsub][unit]")
{
    log_fixture f;
    f.log.fails = 1'000;
    f.h.join("c", f.a, log_start{});
    f.broker.confirm("c");
    for (int i = 0; i < 3; ++i) {
        f.answer_all();
        f.pass(log_reads::pause + 20ms);
    }
    CHECK(said(f.a) == "here@?");
    f.publish("x");
    f.broker.publish("c", "live");
    CHECK(said(f.a) == "gap x live");
}

TEST_CASE("an entry that cannot be shown has its place in the order", "[pubsub][unit]")
{
    log_fixture f;
    f.begin(f.a);
    position const p = f.log.append("c", "nonsense}");
    stored_entry e;
    e.where = p;
    e.fields = "nonsense}";
    f.broker.publish("c", entry_mark + object_of(e));
    f.publish("y");
    CHECK(said(f.a) == "gap y");
}

TEST_CASE("a message that only begins as an entry is counted and not delivered", "[pubsub][unit]")
{
    log_fixture f;
    f.begin(f.a);
    f.broker.publish("c", std::string{entry_mark} + "nonsense");
    CHECK(said(f.a).empty());
    CHECK(f.h.take_undelivered().malformed == 1);
    CHECK(f.h.take_undelivered().malformed == 0);
}

TEST_CASE("an entry whose time is over is not shown", "[pubsub][unit]")
{
    log_fixture f;
    f.begin(f.a);
    std::string const fields = R"("unread":1,"message":"old","ttl":0})";
    stored_entry e;
    e.where = f.log.append("c", fields);
    e.fields = fields;
    f.broker.publish("c", entry_mark + object_of(e));
    f.publish("y");
    CHECK(said(f.a) == "y");
}

TEST_CASE("a channel without a log shows entries as they come", "[pubsub][unit]")
{
    log_fixture f;
    f.h.join("c", f.a);
    f.broker.confirm("c");
    CHECK(f.log.waiting() == 0);
    f.hear({1, 5, 1}, "x");
    f.hear({1, 3, 1}, "y");
    CHECK(said(f.a) == "here@? x y");
}
