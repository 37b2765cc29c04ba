// SPDX-License-Identifier: MIT
//
// One channel with its catch_up and a log in memory, for tests of a sequence of events.
#pragma once

#include "pubsub/catch_up.hpp"
#include "pubsub/memory_message_log.hpp"
#include "support/catch.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace notify::test {

// Notes each decision: the text of an entry that is delivered, "read", or "gap".
class log_story final : private catch_up::owner, private message_log::listener {
public:
    log_story() { log.listen(*this); }

    // The decisions since the last call.
    std::string said() { return std::exchange(said_, {}); }

    // Stores an entry of which the channel hears nothing.
    stored_entry store(char const* text)
    {
        stored_entry e;
        e.where = log.append("c", text);
        e.fields = text;
        return e;
    }
    void hear(stored_entry const& e) { c.on_entry(e, *this); }
    stored_entry publish(char const* text)
    {
        stored_entry const e = store(text);
        hear(e);
        return e;
    }

    void confirm() { c.on_confirmed(*this); }
    void lose() { c.on_lost(); }
    void answer(log_answer const& a) { c.on_answer(number_, a, *this); }
    // Subscribes for the first time, to a log that has the entry "0".
    stored_entry begin()
    {
        stored_entry const e = store("0");
        confirm();
        log.answer();
        CHECK(said() == "read gap");
        return e;
    }
    // Runs f while the channel is unsubscribed.
    void be_away(auto const& f)
    {
        lose();
        f();
        confirm();
        log.answer();
    }

    memory_message_log log;
    catch_up c;

private:
    void deliver(stored_entry const& e) noexcept override { say(e.fields); }
    std::uint64_t read(std::optional<position> const& from, unsigned) noexcept override
    {
        say("read");
        log.read("c", log_start::after(from), ++number_);
        return number_;
    }
    void reset() noexcept override { say("gap"); }
    void on_log_up() override {}
    void on_answer(std::string_view, std::uint64_t number, log_answer const& a) override
    {
        c.on_answer(number, a, *this);
    }

    void say(std::string_view what)
    {
        if (!said_.empty()) said_ += ' ';
        said_ += what;
    }

    std::string said_;
    std::uint64_t number_ = 0;
};

}  // namespace notify::test
