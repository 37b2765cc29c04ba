// SPDX-License-Identifier: MIT
//
// What one channel does when stored entries are lost for good: it says so, and goes on.
#include "support/log_story.hpp"

using namespace notify;
using notify::test::log_story;

TEST_CASE("a log that was trimmed past the position has a gap, and the rest", "[pubsub][unit]")
{
    log_story s;
    s.begin();
    s.be_away([&s] {
        for (char const* const text : {"a", "b", "c"}) s.store(text);
        s.log.trim("c", 2);
    });
    s.publish("d");
    CHECK(s.said() == "read gap b c d");
}

TEST_CASE("a log that was deleted has a gap", "[pubsub][unit]")
{
    log_story s;
    s.begin();
    SECTION("and is not there")
    {
        s.be_away([&s] { s.log.expire("c"); });
        s.publish("a");
        CHECK(s.said() == "read gap a");
    }
    SECTION("and was made anew")
    {
        s.be_away([&s] {
            s.log.expire("c");
            s.store("a");
        });
        s.publish("b");
        CHECK(s.said() == "read gap a b");
    }
    SECTION("and was made anew while we were subscribed")
    {
        stored_entry const old = s.publish("old");
        s.log.expire("c");
        s.log.now += 1'000;
        stored_entry const a = s.publish("a");  // has the number that old has
        CHECK(a.where.number == 1);
        s.log.answer();
        s.hear(old);  // late
        s.log.answer();
        CHECK(s.said() == "old read gap a read");
    }
    SECTION("and was made anew in the same millisecond")
    {
        stored_entry const old = s.publish("old");
        s.log.expire("c");
        stored_entry const a = s.publish("a");
        CHECK(a.where.epoch == old.where.epoch);
        s.log.answer();
        CHECK(s.said() == "old read gap a");
    }
    SECTION("and was made anew by a clock that jumped back")
    {
        s.log.expire("c");
        s.log.now -= 1'000'000;
        s.publish("a");  // of an earlier time than what we have: as if we had it already
        s.log.answer();
        s.publish("b");
        CHECK(s.said() == "read gap b");
    }
}

TEST_CASE("a failover that gives a number to another entry leaves a gap", "[pubsub][unit]")
{
    log_story s;
    s.begin();
    s.publish("a");
    stored_entry const lost = s.publish("lost");
    s.said();
    stored_entry other;
    SECTION("when it did so while we were away")
    {
        s.be_away([&] {
            s.log.lose_newest("c", 1);
            other = s.store("other");
        });
        CHECK(s.said() == "read gap other");
    }
    SECTION("when it does so after we came back")
    {
        s.be_away([&] { s.log.lose_newest("c", 1); });
        other = s.publish("other");
        CHECK(s.said() == "read gap other");
    }
    SECTION("when we never were away")
    {
        s.log.lose_newest("c", 1);
        other = s.publish("other");
        CHECK(s.said() == "read");
        s.log.answer();
        CHECK(s.said() == "gap other");
    }
    CHECK(other.where.number == lost.where.number);
    CHECK(s.c.where() == other.where);
}

TEST_CASE("a failover that took nothing we had leaves no gap", "[pubsub][unit]")
{
    log_story s;
    s.begin();
    s.publish("a");
    s.be_away([&s] {
        s.store("never heard");
        s.log.lose_newest("c", 1);
        s.store("b");
    });
    CHECK(s.said() == "a read b");
}

TEST_CASE("what was published and is not in the log is a gap, once", "[pubsub][unit]")
{
    log_story s;
    s.begin();
    stored_entry forged{s.publish("a").where, "forged"};
    forged.where.number += 5;
    forged.where.at += 5;
    s.hear(forged);
    s.log.answer();
    CHECK(s.said() == "a read gap");
    for (int i = 0; i < 10; ++i) s.store("x");
    s.said();
    s.be_away([] {});
    CHECK(s.said() == "read x x x x x x x x x x");
}

TEST_CASE("a read that failed is tried again", "[pubsub][unit]")
{
    log_story s;
    s.begin();
    s.log.fails = catch_up::max_failures - 1;
    s.be_away([&s] { s.store("a"); });
    s.publish("b");
    s.log.answer();
    s.log.answer();
    CHECK(s.said() == "read read read a b");

    // Failures count in a row.
    s.log.max_entries = 1;
    s.log.fails = catch_up::max_failures - 1;
    s.be_away([&s] {
        s.store("c");
        s.store("d");
    });
    s.log.answer();
    s.log.answer();
    CHECK(s.said() == "read read read c read");
    s.log.fails = catch_up::max_failures - 1;
    for (unsigned i = 0; i < catch_up::max_failures; ++i) s.log.answer();
    CHECK(s.said() == "read read d");
}

TEST_CASE("a log that cannot be read is a gap, and what arrives is delivered", "[pubsub][unit]")
{
    log_story s;
    stored_entry const had = s.begin();
    s.log.fails = catch_up::max_failures;
    s.lose();
    s.store("a");
    s.confirm();
    SECTION("what had arrived")
    {
        s.publish("b");
        for (unsigned i = 0; i < catch_up::max_failures; ++i) s.log.answer();
        CHECK(s.said() == "read read read gap b");
        s.publish("c");
        CHECK(s.said() == "c");
    }
    SECTION("what arrives later, and has the log read again")
    {
        for (unsigned i = 0; i < catch_up::max_failures; ++i) s.log.answer();
        CHECK(s.said() == "read read read gap");
        s.publish("b");
        s.log.answer();
        CHECK(s.said() == "read a b");
    }
    SECTION("what arrives later, though its number follows")
    {
        s.log.lose_newest("c", 2);
        s.store("other");
        for (unsigned i = 0; i < catch_up::max_failures; ++i) s.log.answer();
        s.publish("b");
        s.log.answer();
        CHECK(s.said() == "read read read gap read gap other b");
    }
    SECTION("nothing of an earlier time")
    {
        s.hear(had);
        for (unsigned i = 0; i < catch_up::max_failures; ++i) s.log.answer();
        CHECK(s.said() == "read read read gap");
    }
    SECTION("what had arrived, with another gap")
    {
        s.publish("b");
        s.store("c");
        s.publish("d");
        for (unsigned i = 0; i < catch_up::max_failures; ++i) s.log.answer();
        CHECK(s.said() == "read read read gap b gap d");
    }
    CHECK_FALSE(s.c.reading());
}

TEST_CASE("a subscription whose log cannot be read begins with what arrives", "[pubsub][unit]")
{
    log_story s;
    s.log.fails = catch_up::max_failures;
    s.confirm();
    for (unsigned i = 0; i < catch_up::max_failures; ++i) s.log.answer();
    CHECK(s.said() == "read read read gap");
    CHECK(s.c.where() == std::nullopt);
    s.publish("a");
    s.publish("b");
    CHECK(s.said() == "gap a b");
    s.be_away([&s] { s.store("c"); });
    CHECK(s.said() == "read c");
}
