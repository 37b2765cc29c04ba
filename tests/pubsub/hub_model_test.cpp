// SPDX-License-Identifier: MIT
//
// The hub against a broker that takes its time and goes away, with subscribers
// that come and go at random: what must hold however it happens.
#include "pubsub/hub.hpp"

#include "support/catch.hpp"

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace notify;
using namespace std::chrono_literals;

namespace {

// Does what is asked of it later, in order, and says so. A loss forgets all.
class slow_broker final : public broker {
public:
    void listen(broker::listener& l) override { listener_ = &l; }
    [[nodiscard]] bool up() const override { return up_; }

    void subscribe(std::span<std::string_view const> channels) override
    {
        REQUIRE(up_);
        for (std::string_view const channel : channels) asked_.emplace_back(true, channel);
    }

    void unsubscribe(std::string_view channel) override
    {
        REQUIRE(up_);
        asked_.emplace_back(false, channel);
    }

    // Does one of the things asked of it.
    void work()
    {
        if (asked_.empty()) return;
        auto const [on, channel] = std::move(asked_.front());
        asked_.pop_front();
        if (on && refuses.contains(channel)) {
            listener_->on_refused(channel);
        } else if (on) {
            REQUIRE(subscribed.insert(channel).second);  // or it was asked for twice
            listener_->on_subscribed(channel);
        } else {
            REQUIRE(subscribed.erase(channel) == 1);
        }
    }

    void work_all()
    {
        while (!asked_.empty()) work();
    }

    void set_up(bool up)
    {
        if (up == up_) return;
        up_ = up;
        asked_.clear();
        subscribed.clear();
        up ? listener_->on_up() : listener_->on_down();
    }

    void publish(std::string const& channel, std::string_view payload)
    {
        if (subscribed.contains(channel)) listener_->on_message(channel, payload);
    }

    std::set<std::string> subscribed;
    std::set<std::string> refuses;

private:
    std::deque<std::pair<bool, std::string>> asked_;
    broker::listener* listener_ = nullptr;
    bool up_ = false;
};

struct plain_feed final : feed {
    [[nodiscard]] frame encode(std::string_view payload) const override
    {
        return frame::text(payload);
    }

    [[nodiscard]] frame encode(stored_entry const& e) const override
    {
        return frame::text(e.fields);
    }
};

struct member final : subscriber {
    explicit member(feed const& f) : subscriber{f} {}

    void on_subscribed(std::optional<position> const&) noexcept override
    {
        CHECK(waits);
        waits = false;
    }
    void on_resubscribed() noexcept override { CHECK_FALSE(waits); }
    void on_gap() noexcept override { std::abort(); }
    void on_subscribe_failed(subscribe_error why) noexcept override
    {
        CHECK((waits || why == subscribe_error::refused));
        waits = false;
        channel.reset();
    }
    void on_message(frame const& f) override
    {
        REQUIRE(channel);
        REQUIRE_FALSE(waits);
        REQUIRE(f.packet() == *channel);  // each channel's messages are its name
        ++heard;
    }
    void on_too_large(std::size_t) noexcept override { std::abort(); }
    void on_missed(std::exception const&) noexcept override { std::abort(); }

    std::optional<std::string> channel;  // that it has joined
    bool waits = false;                  // for an answer
    int heard = 0;
};

struct world {
    slow_broker broker;
    shard_clock clock;
    hub h{broker, clock};
    plain_feed plain;
    std::array<std::unique_ptr<member>, 12> members;

    void pass(milliseconds time) { clock.advance(clock.after(time)); }

    // What holds at any time: on a subscribed channel every member that was told
    // hears each message once; nobody else hears it.
    void publish(std::string const& channel)
    {
        bool const on = broker.subscribed.contains(channel);
        std::array<int, 12> before{};
        for (std::size_t i = 0; i < members.size(); ++i)
            if (members[i]) before[i] = members[i]->heard;
        broker.publish(channel, channel);
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (!members[i]) continue;
            bool const hears = on && members[i]->channel == channel && !members[i]->waits;
            REQUIRE(members[i]->heard == before[i] + hears);
        }
    }

    // What holds once the broker is up and has done all that it was asked.
    void check_settled()
    {
        broker.set_up(true);
        broker.work_all();
        std::set<std::string> wanted;
        for (auto const& m : members) {
            if (!m) continue;
            REQUIRE_FALSE(m->waits);
            REQUIRE(m->joined() == m->channel.has_value());
            if (m->channel) wanted.insert(*m->channel);
        }
        for (std::string const& channel : wanted) {
            REQUIRE(broker.subscribed.contains(channel));
            publish(channel);
        }
        pass(6s);  // what nobody wants any more is given up
        broker.work_all();
        REQUIRE(broker.subscribed == wanted);
        REQUIRE(h.size() == wanted.size());
    }
};

}  // namespace

TEST_CASE("whoever comes and goes and whatever the broker does, the hub is right in the end",
          "[pubsub][unit]")
{
    for (unsigned seed = 0; seed < 200; ++seed) {
        CAPTURE(seed);
        std::mt19937 random{seed};
        world w;
        for (int step = 0; step < 400; ++step) {
            auto& m = w.members[random() % w.members.size()];
            if (!m) m = std::make_unique<member>(w.plain);
            std::string const channel(1, static_cast<char>('a' + random() % 5));
            switch (random() % 16) {
            case 0:
            case 1:
            case 2:
            case 3:
                m->channel = channel;
                m->waits = true;
                w.h.join(channel, *m);
                break;
            case 4:
            case 5:
                m->channel.reset();
                m->waits = false;
                w.h.leave(*m);
                break;
            case 6: m.reset(); break;
            case 7:
                if (random() % 4 == 0) w.broker.set_up(!w.broker.up());
                break;
            case 8: w.pass(milliseconds{random() % 4000}); break;
            case 9:
            case 10: w.publish(channel); break;
            default: w.broker.work();
            }
        }
        w.check_settled();
    }
}
