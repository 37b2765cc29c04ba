// SPDX-License-Identifier: MIT
#include "contract/position.hpp"
#include "redis/script_log.hpp"
#include "support/catch.hpp"

using namespace notify;
using notify::test::script_log;

namespace {

using Catch::EndsWith;
using Catch::StartsWith;

struct read_fixture : script_log {
    // Sends n notifications and remembers their positions.
    void send_some(int n, texts const& options = {})
    {
        for (int i = 0; i < n; ++i) {
            auto const s = send(R"({"message":"a"})", options);
            ids.push_back(s.id);
            at.push_back(s.at);
            positions.push_back(s.position());
        }
    }

    // The entries' positions, of those from first up to last.
    static texts positions_of(found const& f)
    {
        texts all;
        for (auto const& e : f.entries) all.push_back(e.substr(0, e.find(' ')));
        return all;
    }
    texts sent(std::size_t first, std::size_t after) const
    {
        return {positions.begin() + static_cast<std::ptrdiff_t>(first),
                positions.begin() + static_cast<std::ptrdiff_t>(after)};
    }

    texts ids, at, positions;
};

}  // namespace

TEST_CASE_METHOD(read_fixture, "a read from a position has what follows it", "[redis][integration]")
{
    send_some(5);
    auto const f = read(positions[1]);
    CHECK(f.what == "follows");
    CHECK(f.base == positions[1]);
    CHECK_FALSE(f.more);
    CHECK(positions_of(f) == sent(2, 5));
    CHECK_THAT(f.entries[0], EndsWith(R"( {"unread":3,"message":"a"})"));

    auto const end = read(positions[4]);
    CHECK(end.what == "follows");
    CHECK(end.base == positions[4]);
    CHECK(end.entries.empty());
}

TEST_CASE_METHOD(read_fixture, "an id does for a position, without its time",
                 "[redis][integration]")
{
    send_some(4);
    auto const f = read(ids[1]);
    CHECK(f.what == "follows");
    CHECK(f.base == positions[1]);
    CHECK(positions_of(f) == sent(2, 4));

    auto const other = read("1732657160000-2");
    CHECK(other.what == "gone");
    CHECK(other.base.empty());
    CHECK(positions_of(other) == sent(0, 4));
}

TEST_CASE_METHOD(read_fixture, "the end of a log is a place without entries",
                 "[redis][integration]")
{
    send_some(2);
    auto const f = read("");
    CHECK(f.what == "gone");
    CHECK(f.base == positions[1]);
    CHECK(f.entries.empty());
    CHECK_FALSE(f.more);
}

TEST_CASE_METHOD(read_fixture, "a read begins a log that is not there", "[redis][integration]")
{
    auto const* const from = GENERATE("", "all", "@5", "1732657160000-2-1732657160000000", "5-5");
    auto const f = read(from);
    bool const named = std::string{from}.find('-') != std::string::npos;
    CHECK(f.what == (named || from == std::string{} ? "gone" : "follows"));
    CHECK(f.entries.empty());
    auto const begin = parse_position(f.base).value();
    CHECK(begin.number == 0);
    CHECK(begin.epoch == begin.at / 1000);
    CHECK(last() == f.base + R"( {"unread":0})");
    CHECK(ttl(channel) == 2'595'600);

    send_some(1);
    auto const next = read(f.base);
    CHECK(next.what == "follows");
    CHECK(positions_of(next) == sent(0, 1));
    CHECK(positions_of(read("all")) == sent(0, 1));
    CHECK(read("all").base == f.base);
    CHECK(positions_of(read("@1")) == sent(0, 1));
}

TEST_CASE_METHOD(read_fixture, "a position that is gone has what is newer", "[redis][integration]")
{
    send_some(6);
    auto const lost = positions[2];

    SECTION("trimmed away")
    {
        send_some(1, {"max-entries", "3"});
        auto const f = read(lost);
        CHECK(f.what == "gone");
        CHECK(f.base.empty());
        CHECK(positions_of(f) == sent(4, 7));
        CHECK(read(ids[2]).what == "gone");
        CHECK(positions_of(read(ids[2])) == sent(4, 7));
    }
    SECTION("the entry before the oldest is still not the log's")
    {
        send_some(1, {"max-entries", "4"});
        CHECK(read(lost).what == "gone");
        CHECK(read(positions[3]).what == "follows");
    }
    SECTION("its number was given to another entry")
    {
        auto const other = ids[2] + '-' + std::to_string(std::stoull(at[2]) + 1);
        auto const f = read(other);
        CHECK(f.what == "gone");
        CHECK(f.base == positions[2]);
        CHECK(positions_of(f) == sent(3, 6));
    }
    SECTION("the newest entries were lost")
    {
        server.command({"LTRIM", channel, "0", "1"});
        auto const f = read(positions[4]);
        CHECK(f.what == "gone");
        CHECK(f.base == positions[1]);
        CHECK(f.entries.empty());
    }
    SECTION("another log")
    {
        server.command({"DEL", channel});
        auto const fresh = send(R"({"message":"b"})");
        auto const f = read(lost);
        CHECK(f.what == "gone");
        CHECK(f.base.empty());
        CHECK(positions_of(f) == texts{fresh.position()});
    }
}

TEST_CASE_METHOD(read_fixture, "a read from a time has what is newer", "[redis][integration]")
{
    send_some(5);
    auto const f = read("@" + at[1]);
    CHECK(f.what == "follows");
    CHECK(f.base == positions[1]);
    CHECK(positions_of(f) == sent(2, 5));
    CHECK(read("@" + at[4]).entries.empty());
    CHECK(read("@1").what == "follows");
    CHECK(positions_of(read("@1")) == sent(0, 5));

    send_some(1, {"max-entries", "3"});
    CHECK(read("@1").what == "gone");  // nobody knows what is not there any more
    CHECK(read("@" + at[2]).what == "gone");
    CHECK(read("@" + at[3]).what == "follows");
}

TEST_CASE_METHOD(read_fixture, "all that a log has is what is asked for", "[redis][integration]")
{
    send_some(5, {"max-entries", "3"});
    auto const f = read("all");
    CHECK(f.what == "follows");
    CHECK(f.base.empty());
    CHECK(positions_of(f) == sent(2, 5));
}

TEST_CASE_METHOD(read_fixture, "an answer is bounded, and says that there is more",
                 "[redis][integration]")
{
    send_some(40);
    auto f = read(positions[0], {"3"});
    CHECK(positions_of(f) == sent(1, 4));
    CHECK(f.more);
    f = read(positions[0], {"39"});
    CHECK(positions_of(f) == sent(1, 40));
    CHECK_FALSE(f.more);

    auto const size = std::to_string(3 * last().size());
    f = read(positions[20], {"100", size});
    CHECK(positions_of(f) == sent(21, 24));
    CHECK(f.more);
    f = read(positions[36], {"100", size});
    CHECK(positions_of(f) == sent(37, 40));
    CHECK_FALSE(f.more);
    f = read(positions[20], {"100", "1"});
    CHECK(positions_of(f) == sent(21, 22));
    CHECK(f.more);

    texts all;
    for (f = read("all", {"7"});; f = read(all.back(), {"7"})) {
        for (auto const& p : positions_of(f)) all.push_back(p);
        if (!f.more) break;
    }
    CHECK(all == positions);
}

TEST_CASE_METHOD(read_fixture, "places that are wrong are refused, and why", "[redis][integration]")
{
    for (auto const* from : {"x", "1", "1-", "1-2-", "1-2-3-4", "@", "@x", "@-1", "ALL", " "})
        CHECK_THAT(read(from).error,
                   StartsWith("NOTIFY '" + std::string{from} + "' is no place in a log"));
    for (auto const& limits : {texts{"0"}, texts{"x"}, texts{"1", "x"}, texts{"1", "2", "3"}})
        CHECK_THAT(read("", limits).error, StartsWith("NOTIFY read takes a position"));
    CHECK(run(redis::read_script(), {}).view().is_error());
    CHECK(server.number({"DBSIZE"}) == 0);
}
