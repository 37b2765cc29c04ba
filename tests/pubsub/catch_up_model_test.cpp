// SPDX-License-Identifier: MIT
//
// A channel and its log through a million random histories: entries that are not heard, or
// twice; connections, reads and logs that are lost; failovers; answers that come late. What
// must hold is said by delivery_model.
//
// With a sanitizer there are fewer histories. One that fails says how to run it alone, telling
// each of its steps: NOTIFY_HISTORY=<number> notify_tests '<name of the test>'.
#include "pubsub/catch_up.hpp"

#include "pubsub/memory_message_log.hpp"
#include "support/catch.hpp"
#include "support/delivery_model.hpp"
#include "support/dice.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace notify;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t histories = 200'000;
#else
constexpr std::uint64_t histories = 1'000'000;
#endif

class random_history final : private catch_up::owner, private message_log::listener {
public:
    random_history(std::uint64_t number, bool telling) : random_{number}, telling_{telling}
    {
        log_.listen(*this);
        log_.max_entries = 1 + random_.below(6);
    }

    // Returns what went wrong; nothing if all is well.
    std::string run()
    {
        for (auto steps = 10 + random_.below(40); steps > 0 && model_.fault().empty(); --steps)
            step();
        if (model_.fault().empty()) calm_down();
        return model_.fault();
    }

private:
    void step()
    {
        auto const n = random_.below(harmful_ ? 23 : 20);
        if (n < 6) return publish();
        if (n < 11) return arrive();
        if (n < 13) return log_.work();
        if (n < 16) return answer();
        switch (n) {
        case 16: return subscribe();
        case 17: return connected_ ? lose() : subscribe();
        case 18: return hear_again();
        case 19: log_.fails += random_.below(2); return;
        case 20: return trim();
        case 21: return remove();
        default: return fail_over();
        }
    }

    // --- the channel ---

    void publish()
    {
        std::string text = model_.next_text();
        if (bulky_) text.append(catch_up::max_kept_bytes / 3, ' ');
        position const p = log_.append("c", text);
        tell("publish", p, text);
        model_.on_accepted(p);
        if (sent_to_us_) wire_.push_back({p, std::move(text)});
    }

    // The next thing that is on its way to us arrives; the first is the confirmation.
    void arrive()
    {
        if (wire_.empty()) return;
        memory_message_log::element e = std::move(wire_.front());
        wire_.pop_front();
        if (e.text.empty()) {
            tell("confirmed");
            catch_up_.on_confirmed(*this);
        } else if (hears_badly_ && random_.one_in(6)) {
            tell("not heard", e.where, e.text);
        } else {
            hear(e);
            heard_.push_back(std::move(e));
        }
    }

    void hear(memory_message_log::element const& e)
    {
        tell("hear", e.where, e.text);
        stored_entry heard;
        heard.where = e.where;
        heard.fields = e.text;
        catch_up_.on_entry(heard, *this);
    }

    void hear_again()
    {
        if (hears_badly_ && !heard_.empty()) hear(heard_[random_.below(heard_.size())]);
    }

    void subscribe()
    {
        if (connected_) return;
        connected_ = sent_to_us_ = true;
        log_.fails = 0;
        wire_.push_back({});
    }

    void lose()
    {
        tell("lose");
        connected_ = sent_to_us_ = false;
        wire_.clear();
        heard_.clear();
        catch_up_.on_lost();
        failures_ = 0;
    }

    // --- the log ---

    void answer()
    {
        if (log_.waiting() > 0) log_.answer(random_.below(log_.waiting()));
    }

    void trim()
    {
        tell("trim");
        model_.on_harm();
        log_.trim("c", 1 + random_.below(log_.log_of("c").size() + 1));
    }

    // Deletes the log. One that is made anew at once bears the same epoch, which nobody can
    // tell who has not heard how it began.
    void remove()
    {
        tell("remove");
        model_.on_harm();
        log_.expire("c");
        if (hears_badly_ || random_.one_in(2)) log_.now += 1'000;
    }

    // A replica takes over that lacks the newest entries. What the old server had sent may
    // still arrive, but it answers nothing any more.
    void fail_over()
    {
        tell("fail over");
        model_.on_harm();
        auto const& log = log_.log_of("c");
        auto const count = random_.below(std::min<std::size_t>(log.size(), 4) + 1);
        for (std::size_t i = log.size() - count; i < log.size(); ++i)
            if (log[i].where.number != 0) model_.on_taken(log[i].text);
        log_.lose_newest("c", count);
        sent_to_us_ = false;
        if (connected_) log_.fails = 1'000;
    }

    // --- the end: nothing else goes wrong ---

    void calm_down()
    {
        tell("calm down");
        hears_badly_ = false;
        if (connected_ && !sent_to_us_) lose();
        subscribe();
        log_.fails = 0;
        publish();
        for (int i = 0; i < 1'000 && (!wire_.empty() || log_.waiting() > 0); ++i)
            random_.one_in(2) ? arrive() : answer();
        if (!wire_.empty() || log_.waiting() > 0) model_.fail("it does not come to rest");
        if (catch_up_.reading()) model_.fail("still reading");
        model_.on_rest(log_.log_of("c"), catch_up_.where());
    }

    // --- what is decided ---

    void deliver(stored_entry const& e) noexcept override
    {
        tell("  deliver", e.where, e.fields);
        model_.on_delivery(e);
    }

    std::uint64_t read(std::optional<position> const& from, unsigned failures) noexcept override
    {
        tell("  read", from.value_or(position{}));
        if (failures != failures_) model_.fail("failures are counted wrongly");
        log_.read("c", log_start::after(from), ++number_);
        return number_;
    }

    void reset() noexcept override
    {
        tell("  gap");
        model_.on_reset(catch_up_.where());
    }

    void on_log_up() override {}
    void on_answer(std::string_view, std::uint64_t number, log_answer const& a) override
    {
        bool const failed = a.what == log_answer::outcome::failed;
        tell(failed ? "failed" : "answer");
        if (number == number_ && catch_up_.reading()) failures_ = failed ? failures_ + 1 : 0;
        if (failures_ == catch_up::max_failures) {
            model_.on_unreadable();
            failures_ = 0;
        }
        catch_up_.on_answer(number, a, *this);
    }

    void tell(char const* what, position const& p = {}, std::string_view text = {}) const
    {
        if (!telling_) return;
        std::string const at = p.epoch == 0 ? std::string{} : to_text(p);
        std::string const name{text.substr(0, text.find(' '))};
        std::fprintf(stderr, "%s %s %s\n", what, name.c_str(), at.c_str());
    }

    test::dice random_;
    bool const telling_;
    bool const harmful_{random_.one_in(2)};  // logs lose entries
    bool hears_badly_{random_.one_in(2)};    // live entries are not heard, or twice
    bool const bulky_{random_.one_in(50)};   // few of them are kept

    memory_message_log log_;
    catch_up catch_up_;
    test::delivery_model model_;
    std::deque<memory_message_log::element> wire_;    // on its way to us
    std::vector<memory_message_log::element> heard_;  // on this connection
    bool connected_ = false;                          // as far as we know
    bool sent_to_us_ = false;                         // what is published
    std::uint64_t number_ = 0;                        // of the newest read
    unsigned failures_ = 0;                           // of reads, in a row
};

}  // namespace

TEST_CASE("whatever happens to a log and its readers, each entry comes once or a gap is told",
          "[pubsub][unit]")
{
    auto const fault_of = [](std::uint64_t number, bool telling) {
        return random_history{number, telling}.run();
    };
    char const* const chosen = std::getenv("NOTIFY_HISTORY");
    std::uint64_t number = chosen ? std::strtoull(chosen, nullptr, 10) : 0;
    std::string fault = fault_of(number, chosen != nullptr);
    while (!chosen && fault.empty() && ++number < histories) fault = fault_of(number, false);
    INFO("to see this history alone: NOTIFY_HISTORY=" << number);
    CHECK(fault == "");
}
