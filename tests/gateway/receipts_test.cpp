// SPDX-License-Identifier: MIT
#include "gateway/receipts.hpp"

#include "pubsub/memory_broker.hpp"
#include "pubsub/memory_message_log.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace notify;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;

struct any_feed final : feed {
    [[nodiscard]] frame encode(std::string_view payload) const override
    {
        return frame::text(payload);
    }
    [[nodiscard]] frame encode(stored_entry const& e) const override
    {
        return frame::text(e.fields);
    }
};

struct receiver final : subscriber {
    explicit receiver(feed const& f) : subscriber{f} {}

    void on_subscribed(std::optional<position> const&) noexcept override {}
    void on_resubscribed() noexcept override {}
    void on_gap() noexcept override {}
    void on_subscribe_failed(subscribe_error) noexcept override {}
    [[nodiscard]] bool has_written() const noexcept override { return written; }
    void on_message(frame const&) override {}
    void on_too_large(std::size_t) noexcept override {}
    void on_missed(std::exception const&) noexcept override {}

    bool written = true;
};

struct receipts_fixture {
    memory_broker broker;
    memory_message_log log;
    shard_clock clock;
    hub h{broker, clock, {}, &log};
    any_feed plain;
    receiver a{plain};
    receiver b{plain};
    strings said;
    receipts all{h, clock, "here", [this](std::string_view channel, std::string_view text) {
                     said.push_back(std::string{channel} + " " + std::string{text});
                 }};

    receipts_fixture()
    {
        broker.come_up();
        for (receiver* const t : {&a, &b}) h.join("c", *t, log_start{});
        broker.confirm("c");
        log.answer();
    }

    std::string publish(std::string_view of, std::string_view reply = "/app/reply/r")
    {
        std::string const fields = R"("unread":1,"message":"Hey"})";
        stored_entry e;
        e.where = log.append("c", fields);
        e.fields = fields;
        std::string text = object_of(e).substr(1);
        if (!of.empty())
            text = R"("reply":")" + std::string{reply} + R"(","ask":")" + std::string{of} + "\"," +
                   text;
        broker.publish("c", entry_mark + std::string{"{"} + text);
        all.tend();
        return id_of(e.where);
    }

    void pass(milliseconds time)
    {
        time_ms const until = clock.after(time);
        while (clock.now() < until) {
            clock.advance(std::min(clock.after(20ms), until));
            all.tend();
        }
    }

    strings answers() { return std::exchange(said, {}); }
};

std::string written(std::string const& id, int sessions)
{
    return "/app/reply/r " +
           to_text(receipt{id, "here", false, static_cast<std::uint64_t>(sessions)});
}

std::string seen(std::string const& id)
{
    return "/app/reply/r " + to_text(receipt{id, "here", true, 0});
}

}  // namespace

TEST_CASE("a sender that asks hears to how many sessions it was written", "[gateway][unit]")
{
    receipts_fixture f;
    auto const id = f.publish("written");
    CHECK(f.answers() == strings{written(id, 2)});
    f.all.on_seen("c", id);
    CHECK(f.answers().empty());
}

TEST_CASE("a sender that does not ask hears nothing", "[gateway][unit]")
{
    receipts_fixture f;
    f.all.on_seen("c", f.publish(""));
    CHECK(f.answers().empty());
}

TEST_CASE("the answer waits until all have written, but not for ever", "[gateway][unit]")
{
    receipts_fixture f;
    f.b.written = false;
    auto const id = f.publish("written");
    f.pass(100ms);
    CHECK(f.answers().empty());
    SECTION("it is written")
    {
        f.b.written = true;
        f.pass(20ms);
        CHECK(f.answers() == strings{written(id, 2)});
    }
    SECTION("it is not")
    {
        f.pass(receipts::write_within);
        CHECK(f.answers() == strings{written(id, 1)});
        f.b.written = true;
        f.pass(100ms);
        CHECK(f.answers().empty());
    }
}

TEST_CASE("an entry whose log is being read is not written yet", "[gateway][unit]")
{
    receipts_fixture f;
    f.log.append("c", R"("unread":1,"message":"not heard"})");
    auto const id = f.publish("written");
    CHECK(f.answers().empty());
    f.log.answer();
    f.pass(20ms);
    CHECK(f.answers() == strings{written(id, 2)});
}

TEST_CASE("a sender that asks hears when it was seen, once", "[gateway][unit]")
{
    receipts_fixture f;
    auto const id = f.publish("seen");
    CHECK(f.answers() == strings{written(id, 2)});
    f.all.on_seen("d", id);
    f.all.on_seen("c", "1-1");
    CHECK(f.answers().empty());
    f.all.on_seen("c", id);
    CHECK(f.answers() == strings{seen(id)});
    f.all.on_seen("c", id);
    CHECK(f.answers().empty());
}

TEST_CASE("what nobody has seen is forgotten after a while", "[gateway][unit]")
{
    receipts_fixture f;
    auto const id = f.publish("seen");
    f.answers();
    f.pass(receipts::see_within + 20ms);
    f.all.on_seen("c", id);
    CHECK(f.answers().empty());
}

TEST_CASE("of those that wait to be seen the oldest are given up", "[gateway][unit]")
{
    receipts_fixture f;
    auto const first = f.publish("seen");
    auto const second = f.publish("seen");
    for (std::size_t i = 1; i < receipts::max_kept; ++i) f.publish("seen");
    f.answers();
    f.all.on_seen("c", first);
    CHECK(f.answers().empty());
    f.all.on_seen("c", second);
    CHECK(f.answers() == strings{seen(second)});
}

TEST_CASE("nobody can have a gateway publish on a user's channel", "[gateway][unit]")
{
    receipts_fixture f;
    f.publish("written", "/app/user/2/notifications");
    f.publish("written", "/app/repl");
    f.publish("everything");
    CHECK(f.answers().empty());
}
