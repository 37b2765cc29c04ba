// SPDX-License-Identifier: MIT
#include "redis/script_log.hpp"
#include "support/catch.hpp"

using namespace notify;
using notify::test::script_log;

namespace {

using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;

struct mark_fixture : script_log {
    // Sends n notifications. Returns the ids of all so far.
    texts send_some(int n)
    {
        for (int i = 0; i < n; ++i) ids.push_back(send(R"({"message":"a"})").id);
        return ids;
    }

    std::string upto() const { return server.text({"HGET", read_key, "upto"}); }

    texts ids;
};

}  // namespace

TEST_CASE_METHOD(mark_fixture, "a mark of all is an entry that says up to where",
                 "[redis][integration]")
{
    send_some(3);
    auto const m = mark({"all"});
    CHECK(m.id == ids[0].substr(0, 14) + "4");
    CHECK(m.unread == 0);
    CHECK(last() == m.position() + R"( {"unread":0,"type":"read","upto":")" + ids[2] + R"("})");
    CHECK(upto() == "4");
    CHECK(server.number({"HLEN", read_key}) == 2);

    auto const again = mark({"all"});
    CHECK(again.id.empty());
    CHECK(again.at.empty());
    CHECK(elements().size() == 4);
    send_some(1);
    CHECK_THAT(last(), Contains(R"("unread":1,)"));
}

TEST_CASE_METHOD(mark_fixture, "a mark of some names those that were unread",
                 "[redis][integration]")
{
    send_some(5);
    auto const m = mark({ids[3], ids[1], ids[3]});
    CHECK(m.unread == 3);
    CHECK(last() == m.position() + R"( {"unread":3,"type":"read","ids":[")" + ids[3] + R"(",")" +
                        ids[1] + R"("]})");
    CHECK(upto() == "0");

    SECTION("twice is once")
    {
        auto const again = mark({ids[1], ids[3], m.id});
        CHECK(again.id.empty());
        CHECK(again.unread == 3);
        CHECK(mark({ids[1], ids[0]}).unread == 2);
        CHECK_THAT(last(), EndsWith(R"("ids":[")" + ids[0] + R"("]})"));
    }
    SECTION("what is contiguous is kept as one number")
    {
        mark({ids[0]});
        CHECK(upto() == "2");
        mark({ids[2]});
        CHECK(upto() == "4");
        CHECK(mark({ids[4]}).unread == 0);
        CHECK(upto() == "9");  // 5, and the marks 6 to 9
        CHECK(server.number({"HLEN", read_key}) == 2);
    }
    SECTION("all after some")
    {
        CHECK(mark({"all"}).unread == 0);
        CHECK(mark({ids[0]}).id.empty());
    }
}

TEST_CASE_METHOD(mark_fixture, "ids that the log does not have change nothing",
                 "[redis][integration]")
{
    CHECK(mark({"all"}).id.empty());
    CHECK(mark({"1732657160000-1"}).id.empty());
    CHECK(server.number({"DBSIZE"}) == 0);
    auto const epoch = send_some(4).front().substr(0, 14);
    CHECK(mark({epoch + "0", epoch + "5", epoch + "999999999999999999999", "1732657160000-1"})
              .id.empty());
    send(R"({"message":"a"})", {"max-entries", "2"});
    CHECK(mark({ids[0], ids[1], ids[2]}).id.empty());  // trimmed away
    CHECK(mark({ids[3]}).unread == 1);
    CHECK(upto() == "4");
}

TEST_CASE_METHOD(mark_fixture, "a log that was made anew has nothing read", "[redis][integration]")
{
    send_some(2);
    mark({"all"});
    server.command({"DEL", channel});
    auto const fresh = send(R"({"message":"a"})");
    CHECK(mark({fresh.id}).unread == 0);
    CHECK(server.text({"HGET", read_key, "epoch"}) == fresh.id.substr(0, 13));
}

TEST_CASE_METHOD(mark_fixture, "a mark's time comes after a clock that has jumped back",
                 "[redis][integration]")
{
    server.command({"RPUSH", channel, R"(1732657160000-1-8000000000000999 {"unread":1,"m":1})"});
    CHECK(mark({"all"}).position() == "1732657160000-2-8000000000001000");
}

TEST_CASE_METHOD(mark_fixture, "marks that are wrong are refused, and why", "[redis][integration]")
{
    send_some(1);
    CHECK(mark({}).error == "NOTIFY nothing is named: give all or ids");
    for (auto const* id : {"", "1", "a-1", "1-", "1-2-3", "all ", " 1-2", "1-1x"})
        CHECK_THAT(mark({ids[0], id}).error,
                   StartsWith("NOTIFY '" + std::string{id} + "' is no id: give all or ids"));
    CHECK_THAT(mark({"all", ids[0]}).error, StartsWith("NOTIFY 'all' is no id"));
    CHECK(elements().size() == 1);
}
