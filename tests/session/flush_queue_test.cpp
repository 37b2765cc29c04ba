// SPDX-License-Identifier: MIT
#include "session/flush_queue.hpp"

#include "support/catch.hpp"
#include "support/memory_shard.hpp"
#include "support/memory_websocket.hpp"
#include "support/recording_application.hpp"

#include <string>
#include <vector>

using namespace notify;
using namespace notify::test;

namespace {

using strings = std::vector<std::string>;
using websocket_ptr = boost::intrusive_ptr<memory_websocket>;

struct flush_queue_fixture {
    memory_shard shard;
    recording_application application;
    websocket_ptr a{new memory_websocket};
    websocket_ptr b{new memory_websocket};
    session_ptr session_a = shard.open(a, application);
    session_ptr session_b = shard.open(b, application);
};

}  // namespace

TEST_CASE("a turn is asked for once, however much is sent in it", "[session][unit]")
{
    flush_queue_fixture f;
    for (int i = 0; i < 10; ++i) {
        f.session_a->send(frame::text("4a"));
        f.session_b->send(frame::text("4b"));
    }
    CHECK(f.shard.turns_asked == 1);
    f.shard.context.flushes.flush();
    CHECK(f.a->heard().size() == 10);
    CHECK(f.b->heard().size() == 10);
    CHECK(f.a->flushes == 1);
    CHECK(f.b->flushes == 1);
}

TEST_CASE("what a flush queues waits for a turn of its own", "[session][unit]")
{
    flush_queue_fixture f;
    f.a->broken = true;
    f.application.then = [&f](eio::session&, std::string_view) {
        f.session_b->send(frame::text("4a has gone"));
    };
    f.session_a->send(frame::text("4x"));
    f.shard.context.flushes.flush();
    CHECK(f.b->heard().empty());
    CHECK(f.shard.turns_asked == 2);
    f.shard.context.flushes.flush();
    CHECK(f.b->heard() == strings{"4a has gone"});
}

TEST_CASE("what a session is sent in its own flush has a turn too", "[session][unit]")
{
    struct echoing final : eio::transport {
        eio::session* session = nullptr;
        int flushes = 0;

        void carry(eio::session& s) { session = &s; }
        [[nodiscard]] eio::transport_kind kind() const override
        {
            return eio::transport_kind::websocket;
        }
        void flush() override
        {
            session->queue().clear();
            if (++flushes < 3) session->send(frame::text("4again"));
        }
        void end(eio::close_reason) noexcept override {}
    };
    flush_queue_fixture f;
    boost::intrusive_ptr<echoing> const wire{new echoing};
    f.shard.open(wire, f.application)->send(frame::text("4x"));
    f.shard.end_turn();
    CHECK(wire->flushes == 3);
}

TEST_CASE("a session that another one's end has ended is passed over", "[session][unit]")
{
    flush_queue_fixture f;
    f.a->broken = true;
    f.application.then = [&f](eio::session& s, std::string_view) {
        if (&s == f.session_a.get()) f.session_b->close(eio::close_reason::shutdown);
    };
    f.session_a->send(frame::text("4x"));
    f.session_b->send(frame::text("4y"));
    f.shard.end_turn();
    CHECK(f.application.log == strings{"close transport_error", "close shutdown"});
    CHECK(f.b->flushes == 0);
    CHECK(f.b->heard() == strings{"4y"});  // with its end
}

TEST_CASE("a flush without need does nothing", "[session][unit]")
{
    flush_queue_fixture f;
    f.shard.context.flushes.flush();
    f.session_a->send(frame::text("4x"));
    f.shard.context.flushes.flush();
    f.shard.context.flushes.flush();
    CHECK(f.a->flushes == 1);
}
