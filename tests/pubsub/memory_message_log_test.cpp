// SPDX-License-Identifier: MIT
//
// The log in memory, which other tests rely on, keeps the promises of message_log.hpp.
#include "pubsub/memory_message_log.hpp"

#include "support/catch.hpp"

#include <optional>
#include <string>
#include <utility>

using namespace notify;

namespace {

// Reads, and puts each answer into words.
class log_reader final : public message_log::listener {
public:
    log_reader() { log.listen(*this); }

    void ask(std::optional<position> const& from)
    {
        log.read("c", log_start::after(from), ++number_);
    }

    // Returns what the read that was asked for says.
    std::string answer()
    {
        log.answer();
        return std::move(answer_);
    }

    std::string read(std::optional<position> const& from)
    {
        ask(from);
        return answer();
    }

    memory_message_log log;
    std::optional<position> base;  // of the newest answer

private:
    void on_log_up() override {}
    void on_answer(std::string_view channel, std::uint64_t number, log_answer const& a) override
    {
        CHECK(channel == "c");
        CHECK(number == number_);
        if (a.what == log_answer::outcome::failed) {
            answer_ = "failed";
            return;
        }
        answer_ = a.what == log_answer::outcome::gone ? "gone:" : "follows:";
        for (stored_entry const& e : a.entries) answer_ += ' ' + std::string{e.fields};
        if (a.more) answer_ += " …";
        base = a.base;
    }

    std::string answer_;
    std::uint64_t number_ = 0;
};

}  // namespace

TEST_CASE("a log in memory is read from a position that it has", "[pubsub][unit]")
{
    log_reader r;
    position const a = r.log.append("c", "a");
    position const b = r.log.append("c", "b");
    position const c = r.log.append("c", "c");
    CHECK(a.number == 1);
    CHECK(a.precedes(b));
    CHECK(a.at < b.at);
    CHECK(r.read(a) == "follows: b c");
    CHECK(r.read(c) == "follows:");
    r.log.max_entries = 1;
    CHECK(r.read(a) == "follows: b …");
    CHECK(r.read(b) == "follows: c");
    r.log.fails = 1;
    CHECK(r.read(b) == "failed");
}

TEST_CASE("a log in memory says of a position that it is gone, and what is newer", "[pubsub][unit]")
{
    log_reader r;
    position const a = r.log.append("c", "a");
    position const b = r.log.append("c", "b");
    position const c = r.log.append("c", "c");

    r.log.lose_newest("c", 1);
    position const d = r.log.append("c", "d");
    CHECK(d.number == c.number);
    CHECK(r.read(c) == "gone: d");
    CHECK(r.base == b);

    r.log.trim("c", 2);
    CHECK(r.read(a) == "gone: b d");
    CHECK(r.base == std::nullopt);

    r.log.expire("c");
    r.log.now += 1'000;
    position const e = r.log.append("c", "e");
    CHECK(e.epoch != a.epoch);
    CHECK(r.read(d) == "gone: e");
    CHECK(r.base == std::nullopt);
}

TEST_CASE("a log in memory that is asked for its end begins, if it is not there", "[pubsub][unit]")
{
    log_reader r;
    CHECK(r.read(std::nullopt) == "gone:");
    position const begin = r.base.value();
    CHECK(begin.number == 0);
    position const a = r.log.append("c", "a");
    CHECK(begin.precedes(a));
    CHECK(r.read(begin) == "follows: a");
    CHECK(r.read(std::nullopt) == "gone:");
    CHECK(r.base == a);

    r.log.expire("c");
    CHECK(r.read(a) == "gone:");  // where a log begins is no entry
    CHECK(r.base->number == 0);
}

TEST_CASE("a read of a log in memory is done at one time and answered at another", "[pubsub][unit]")
{
    log_reader r;
    position const a = r.log.append("c", "a");
    r.log.append("c", "b");
    r.ask(a);
    r.log.work();
    r.log.append("c", "c");
    CHECK(r.log.waiting() == 1);
    CHECK(r.answer() == "follows: b");
    CHECK(r.log.waiting() == 0);
}
