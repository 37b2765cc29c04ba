// SPDX-License-Identifier: MIT
//
// What one channel does with stored entries, a story for each case. catch_up_gap_test has
// those in which entries are lost for good; catch_up_model_test tries all in any order.
#include "support/log_story.hpp"

#include <string>
#include <vector>

using namespace notify;
using notify::test::log_story;

TEST_CASE("a subscription begins where the log ends", "[pubsub][unit]")
{
    log_story s;
    stored_entry const before = s.store("before");
    CHECK(s.c.where() == std::nullopt);
    s.confirm();
    CHECK(s.said() == "read");
    s.log.answer();
    CHECK(s.said() == "gap");  // nobody was told yet that they are subscribed: they are now
    CHECK(s.c.where() == before.where);
    s.publish("a");
    stored_entry const b = s.publish("b");
    CHECK(s.said() == "a b");
    CHECK(s.c.where() == b.where);
    CHECK_FALSE(s.c.reading());
}

TEST_CASE("a subscription to a log that is not there begins it", "[pubsub][unit]")
{
    log_story s;
    s.confirm();
    s.log.answer();
    s.publish("a");
    CHECK(s.said() == "read gap a");
    CHECK(s.c.where()->number == 1);
}

TEST_CASE("an entry that comes twice is delivered once", "[pubsub][unit]")
{
    log_story s;
    s.begin();
    stored_entry const a = s.publish("a");
    stored_entry const b = s.publish("b");
    s.hear(a);
    s.hear(b);
    s.hear(b);
    CHECK(s.said() == "a b");
}

TEST_CASE("an entry that nobody heard is read before the next is delivered", "[pubsub][unit]")
{
    log_story s;
    s.begin();
    s.publish("a");
    s.store("b");
    s.publish("c");
    CHECK(s.said() == "a read");
    s.publish("d");
    s.log.answer();
    CHECK(s.said() == "b c d");
}

TEST_CASE("what was sent while the subscription was lost is read after it", "[pubsub][unit]")
{
    log_story s;
    s.begin();
    s.publish("a");
    s.be_away([&s] {
        s.store("b");
        s.store("c");
    });
    s.publish("d");
    CHECK(s.said() == "a read b c d");
}

TEST_CASE("what arrives during a read comes after it, once", "[pubsub][unit]")
{
    log_story s;
    s.begin();
    s.lose();
    s.store("a");
    s.confirm();
    s.publish("b");  // the answer has it, too
    s.log.work();
    s.publish("c");
    s.publish("d");
    CHECK(s.said() == "read");
    s.log.answer();
    CHECK(s.said() == "a b c d");
}

TEST_CASE("an entry that was not heard during a read has the log read again", "[pubsub][unit]")
{
    log_story s;
    s.begin();
    s.lose();
    s.store("a");
    s.confirm();
    s.log.work();
    s.publish("b");
    s.store("c");
    s.publish("d");
    s.log.answer();
    CHECK(s.said() == "read a b read");
    s.log.answer();
    CHECK(s.said() == "c d");
}

TEST_CASE("a log that is longer than an answer is read in several", "[pubsub][unit]")
{
    log_story s;
    s.begin();
    s.log.max_entries = 2;
    s.be_away([&s] {
        for (char const* const text : {"a", "b", "c", "d", "e"}) s.store(text);
    });
    s.publish("f");
    CHECK(s.said() == "read a b read");
    s.log.answer();
    CHECK(s.said() == "c d read");
    s.log.answer();
    CHECK(s.said() == "e f");
}

TEST_CASE("of what arrives during a read a bounded part is kept, the rest is read",
          "[pubsub][unit]")
{
    log_story s;
    s.begin();
    s.lose();
    s.confirm();
    s.log.work();
    std::string delivered;
    SECTION("by number")
    {
        for (std::size_t i = 0; i < catch_up::max_kept + 2; ++i) s.publish("x");
        for (std::size_t i = 0; i < catch_up::max_kept; ++i) delivered += "x ";
        s.log.answer();
        CHECK(s.said() == "read " + delivered + "read");
        stored_entry const heard = s.publish("y");  // there is room for it again
        s.log.work();
        s.publish("z");
        s.log.answer();
        CHECK(s.said() == "x x y z");
        CHECK(s.c.where()->number == heard.where.number + 1);
    }
    SECTION("by size")
    {
        std::string const half(catch_up::max_kept_bytes / 2, 'h');
        for (int i = 0; i < 3; ++i) s.publish(half.c_str());
        s.publish("small");  // in its turn
        s.log.answer();
        CHECK(s.said() == "read " + half + ' ' + half + " read");
        s.log.work();
        s.publish("y");  // there is room for it again
        s.log.answer();
        CHECK(s.said() == half + " small y");
    }
    CHECK_FALSE(s.c.reading());
}

TEST_CASE("an answer from before the subscription was lost says nothing", "[pubsub][unit]")
{
    log_story s;
    s.begin();
    s.lose();
    s.store("lost");
    s.confirm();
    s.log.work();  // done by a server that is about to fail
    s.lose();
    s.log.answer();
    CHECK(s.said() == "read");

    s.confirm();
    s.log.work();
    s.lose();
    s.log.lose_newest("c", 1);
    s.store("other");
    s.confirm();
    s.log.answer();
    CHECK(s.said() == "read read");
    s.log.answer();
    CHECK(s.said() == "other");
}

TEST_CASE("nothing is delivered that arrives without a subscription", "[pubsub][unit]")
{
    log_story s;
    s.publish("a");
    s.begin();
    s.lose();
    s.publish("b");
    CHECK(s.said() == "");
    s.confirm();
    s.confirm();  // twice is once
    s.log.answer();
    CHECK(s.said() == "read b");
}

TEST_CASE("an answer that no log should give is a gap or a failure", "[pubsub][unit]")
{
    log_story s;
    s.begin();
    s.be_away([&s] { s.store("a"); });
    position const a = s.c.where().value();
    CHECK(s.said() == "read a");
    s.lose();
    s.confirm();
    using enum log_answer::outcome;
    SECTION("entries that do not follow one another")
    {
        std::vector<stored_entry> const entries{{{a.epoch, a.number + 1, a.at + 1}, "b"},
                                                {{a.epoch, a.number + 1, a.at + 1}, "b"},
                                                {{a.epoch, a.number + 3, a.at + 3}, "d"}};
        s.answer({follows, entries, {}, false});
        CHECK(s.said() == "read b gap d");
    }
    SECTION("there is more, and nothing of it")
    {
        for (unsigned i = 0; i < catch_up::max_failures; ++i) s.answer({follows, {}, {}, true});
        CHECK(s.said() == "read read read gap");
        CHECK_FALSE(s.c.reading());
    }
    SECTION("the position is gone, and there is none to go on from")
    {
        s.answer({gone, {}, {}, false});
        CHECK(s.said() == "read read");
    }
}
