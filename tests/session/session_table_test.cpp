// SPDX-License-Identifier: MIT
#include "session/session_table.hpp"

#include "support/catch.hpp"
#include "support/memory_shard.hpp"
#include "support/memory_websocket.hpp"

#include <string>
#include <vector>

using namespace notify;
using namespace notify::test;

namespace {

struct session_table_fixture {
    memory_shard shard;
    eio::session_table table;

    session_ptr make(url_safe_id const& id = random_id())
    {
        boost::intrusive_ptr<eio::transport> const wire{new memory_websocket};
        return session_ptr{
            new eio::session{shard.context, quota_share{shard.limits.sessions}, id, wire, nullptr}};
    }
};

}  // namespace

TEST_CASE("sessions are found by their ids", "[session][unit]")
{
    session_table_fixture f;
    std::vector<session_ptr> sessions;
    for (int i = 0; i < 1000; ++i) {
        sessions.push_back(f.make());
        f.table.insert(sessions.back());
    }
    CHECK(f.table.size() == 1000);
    for (session_ptr const& s : sessions) REQUIRE(f.table.find(s->id()) == s);
    for (std::size_t i = 0; i < 1000; i += 2) f.table.erase(*sessions[i]);
    CHECK(f.table.size() == 500);
    for (std::size_t i = 0; i < 1000; ++i)
        REQUIRE((f.table.find(sessions[i]->id()) != nullptr) == (i % 2 == 1));
}

TEST_CASE("ids that differ in one character are different", "[session][unit]")
{
    session_table_fixture f;
    url_safe_id id;
    id.fill('A');
    f.table.insert(f.make(id));
    for (char& c : id) {
        c = 'B';
        CHECK_FALSE(f.table.find({id.data(), id.size()}));
        f.table.insert(f.make(id));
        CHECK(f.table.find({id.data(), id.size()})->id() == std::string_view{id.data(), id.size()});
        c = 'A';
    }
    CHECK(f.table.size() == 21);
}

TEST_CASE("what is no id finds nothing", "[session][unit]")
{
    session_table_fixture f;
    session_ptr const s = f.make();
    std::string const id{s->id()};
    CHECK_FALSE(f.table.find(id));  // not yet
    f.table.insert(s);
    for (std::string const& stranger :
         {std::string{}, id.substr(1), id.substr(0, 19), id + "x", id + id, std::string(20, '\0'),
          std::string{"__proto__"}, std::string(100'000, 'A')}) {
        CHECK_FALSE(f.table.find(stranger));
    }
}

TEST_CASE("the table holds its sessions", "[session][unit]")
{
    session_table_fixture f;
    session_ptr s = f.make();
    f.table.insert(s);
    CHECK(s->use_count() == 2);
    {
        auto const all = f.table.all();
        REQUIRE(all.size() == 1);
        CHECK(all[0] == s);
    }
    f.table.erase(*s);
    CHECK(s->use_count() == 1);
    f.table.erase(*s);  // again: no effect
    CHECK(f.table.size() == 0);
    CHECK(f.table.all().empty());
}
