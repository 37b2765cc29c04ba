// SPDX-License-Identifier: MIT
//
// Subscribers of one channel that come, go and come back with the position that they had, through
// random histories: entries that are not heard or come twice, a broker and reads that are lost, a
// log that is trimmed or deleted. Each must get every entry that follows its position,
// once and in order, or hear of a gap first; and in the end all stand at the log's end.
//
// One that fails says how to run it alone: NOTIFY_HISTORY=<number> notify_tests '<name of the
// test>'.
#include "pubsub/hub.hpp"

#include "pubsub/memory_broker.hpp"
#include "pubsub/memory_message_log.hpp"
#include "support/catch.hpp"
#include "support/dice.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace notify;
using notify::test::dice;
using namespace std::chrono_literals;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t device_histories = 5'000;
#else
constexpr std::uint64_t device_histories = 50'000;
#endif

// Carries the message's text, the number of the entry among all that were stored.
struct number_feed final : feed {
    [[nodiscard]] frame encode(std::string_view payload) const override
    {
        return frame::text(payload);
    }
    [[nodiscard]] frame encode(stored_entry const& e) const override
    {
        auto const begin = e.fields.find(R"("message":")") + 11;
        return frame::text(e.fields.substr(begin, e.fields.find('"', begin) - begin));
    }
};

// All entries that were ever stored, in order.
struct past {
    std::vector<position> all;

    // How many had been stored up to this position, which may be where a log begins.
    [[nodiscard]] std::size_t after(position const& p) const
    {
        std::size_t count = 0;
        while (count < all.size() && all[count].at <= p.at) ++count;
        return count;
    }
};

struct device final : subscriber {
    device(feed const& f, past const& p, std::string& fault) : subscriber{f}, was{p}, wrong{fault}
    {
    }

    void on_subscribed(std::optional<position> const& at) noexcept override
    {
        tell("subscribed at " + (at ? to_text(*at) : "?"));
        if (!waits) wrong = "told twice";
        waits = false;
        if (!from && at && !began) next = was.after(*at);
        began = true;
    }
    void on_resubscribed() noexcept override
    {
        if (waits) wrong = "subscribed again before it was subscribed";
    }
    void on_gap() noexcept override
    {
        tell("gap");
        gap = true;
    }
    void on_resumed(bool whole) noexcept override
    {
        tell(whole ? "whole" : "part");
        if (!from || resumed) wrong = "resumed out of turn";
        resumed = true;
        began = true;
        if (!whole) gap = true;
    }
    void on_subscribe_failed(subscribe_error) noexcept override { joined_ = waits = false; }
    [[nodiscard]] bool has_room() const noexcept override { return room; }
    void on_message(frame const& f) override
    {
        std::size_t i = 0;
        auto const text = f.packet();
        tell("gets " + std::string{text});
        std::from_chars(text.data(), text.data() + text.size(), i);
        if (!began) wrong = "delivered before it has begun";
        if (i < next) wrong = "delivered twice, or out of order";
        if (i > next && !gap) wrong = "missed an entry in silence";
        next = i + 1;
        last = was.all[i];
        gap = false;
    }
    void on_too_large(std::size_t) noexcept override { wrong = "too large"; }
    void on_missed(std::exception const&) noexcept override { wrong = "missed"; }

    void tell(std::string const& what) const
    {
        if (telling) std::puts(("    " + name + " " + what).c_str());
    }

    past const& was;
    std::string& wrong;
    std::string name;
    bool telling = false;
    std::optional<position> from;  // what it has joined with
    std::optional<position> last;  // what it got last
    std::size_t next = 0;          // the entry that comes next, unless there is a gap
    bool waits = false, began = false, resumed = false, gap = false, room = true, joined_ = false;
};

class random_world {
public:
    explicit random_world(std::uint64_t number) : random_{number}
    {
        telling_ = std::getenv("NOTIFY_HISTORY") != nullptr;
        broker_.come_up();
        log_.max_entries = 1 + random_.below(6);
        harmful_ = random_.one_in(2);
        for (auto& d : devices_) {
            d = std::make_unique<device>(feed_, past_, fault_);
            d->name = std::string(1, "abcd"[&d - devices_.data()]);
            d->telling = telling_;
        }
    }

    std::string run()
    {
        for (auto steps = 10 + random_.below(60); steps > 0 && fault_.empty(); --steps) step();
        if (fault_.empty()) calm_down();
        return fault_;
    }

private:
    void step()
    {
        auto const n = random_.below(harmful_ ? 26 : 23);
        if (n < 6) return publish();
        if (n < 9) return answer();
        if (n < 10) return log_.work();
        if (n < 13) return confirm();
        if (n < 17) return join(*devices_[random_.below(devices_.size())]);
        if (n < 19) return leave(devices_[random_.below(devices_.size())]);
        if (n < 20) return hear_again();
        if (n < 21) return lose();
        if (n < 22) return pass();
        if (n < 23) return void(devices_[0]->room = random_.one_in(2));
        if (n < 24) return trim();
        if (n < 25) return expire();
        log_.fails = random_.below(4);
        tell("fails " + std::to_string(log_.fails));
    }

    void publish(bool surely_heard = false)
    {
        std::string const text =
            R"("unread":1,"message":")" + std::to_string(past_.all.size()) + "\"}";
        position const p = log_.append("c", text);
        past_.all.push_back(p);
        tell("publish " + std::to_string(past_.all.size() - 1) + " at " + to_text(p));
        if (surely_heard || (confirmed_ && !random_.one_in(8))) hear(p, text);
    }

    void hear(position const& p, std::string const& text)
    {
        tell("  hear " + to_text(p));
        stored_entry e;
        e.where = p;
        e.fields = text;
        broker_.publish("c", entry_mark + object_of(e));
    }

    void hear_again()
    {
        auto const& log = log_.log_of("c");
        if (!confirmed_ || log.empty()) return;
        auto const& e = log[random_.below(log.size())];
        if (e.where.number > 0) hear(e.where, e.text);
    }

    void confirm()
    {
        if (broker_.subscribed.empty()) return;
        broker_.subscribed.clear();
        confirmed_ = true;
        tell("confirm");
        broker_.confirm("c");
    }

    // Comes back with what it had, or begins anew.
    void join(device& d)
    {
        if (d.joined_) return;
        d.joined_ = d.waits = true;
        d.resumed = d.began = d.gap = false;
        d.from = random_.one_in(4) ? std::nullopt : d.last;
        if (!d.from) d.last.reset();
        if (d.from) d.next = past_.after(*d.from);
        tell(d.name + " joins" + (d.from ? " from " + to_text(*d.from) : ""));
        hub_.join("c", d, log_start::after(d.from));
    }

    void leave(std::unique_ptr<device>& d)
    {
        tell(d->name + " leaves");
        hub_.leave(*d);
        d->joined_ = d->waits = false;
    }

    void answer()
    {
        if (log_.waiting() > 0) tell("answer"), log_.answer(random_.below(log_.waiting()));
    }

    void lose()
    {
        tell("lose");
        confirmed_ = false;
        broker_.subscribed.clear();
        broker_.go_down();
        broker_.come_up();
    }

    // The channel may have lingered long enough.
    void pass()
    {
        clock_.advance(clock_.after(300ms));
        if (!std::exchange(broker_.unsubscribed, {}).empty()) confirmed_ = false;
    }

    // A log that is made anew within the same millisecond bears the same epoch, and nobody can
    // tell.
    void expire()
    {
        tell("expire");
        log_.expire("c");
        log_.now += 1'000;
    }

    void trim()
    {
        tell("trim");
        log_.trim("c", 1 + random_.below(log_.log_of("c").size() + 1));
    }

    void calm_down()
    {
        log_.fails = 0;
        devices_[0]->room = true;
        lose();
        for (auto& d : devices_) join(*d);
        for (int i = 0; i < 60 && fault_.empty(); ++i) {
            confirm();
            while (log_.waiting() > 0) log_.answer(random_.below(log_.waiting()));
            for (auto& d : devices_) join(*d);  // whose confirmation came too late
            if (i % 10 == 9) pass();
        }
        publish(true);
        while (log_.waiting() > 0) log_.answer();
        for (auto& d : devices_) {
            if (!fault_.empty()) return;
            if (d->waits)
                fault_ = "waits for ever";
            else if (d->last != past_.all.back())
                fault_ = "the newest did not come";
        }
    }

    void tell(std::string const& what) const
    {
        if (telling_) std::puts(what.c_str());
    }

    bool telling_ = false;
    dice random_;
    memory_broker broker_;
    memory_message_log log_;
    shard_clock clock_;
    hub hub_{broker_, clock_, {}, &log_};
    number_feed feed_;
    past past_;
    std::string fault_;
    std::array<std::unique_ptr<device>, 4> devices_;
    bool confirmed_ = false;
    bool harmful_ = false;
};

}  // namespace

TEST_CASE("devices that come and go get each entry once and in order, or hear of a gap",
          "[pubsub][unit]")
{
    std::uint64_t first = 1;
    std::uint64_t last = device_histories;
    if (char const* const one = std::getenv("NOTIFY_HISTORY"))
        first = last = std::strtoull(one, nullptr, 10);
    for (std::uint64_t i = first; i <= last; ++i) {
        auto const fault = random_world{i}.run();
        INFO("NOTIFY_HISTORY=" << i);
        REQUIRE(fault == "");
    }
}
