// SPDX-License-Identifier: MIT
//
// The phases of a connection, one after the other, by a clock of the test's. What
// strangers may send is tested from outside, in tests/node/strangers.
#include "http/http_connection.hpp"

#include "http/function_service.hpp"
#include "http/http_shard.hpp"
#include "support/catch.hpp"

#include <memory>
#include <string>
#include <tuple>
#include <utility>

using namespace notify;

namespace {

// Answers with the path, or with the body if there is one.
class echo_service final : public http_service {
public:
    net::awaitable<void> serve(http_connection& c) override
    {
        std::string path{c.path()};
        auto body = co_await c.read_body(1'000'000);
        if (!body) co_return;
        std::string said = body->empty() ? std::move(path) : std::move(*body);
        std::ignore = co_await c.respond(c.answer(http_status::ok, "text/plain", std::move(said)));
    }
};

// Answers when it is told what.
class late_service final : public http_service {
public:
    net::awaitable<void> serve(http_connection& c) override
    {
        waiting = &c;
        c.defer(std::make_unique<answer>(*this));
        co_return;
    }

    void say(std::string what)
    {
        said = std::move(what);
        waiting->wake();
    }

    http_connection* waiting = nullptr;
    std::string said;
    std::string ends;  // of answers: + sent, - not

private:
    struct answer final : deferred_answer {
        explicit answer(late_service& service) : by{service} {}
        bool try_answer(http_connection& c) override
        {
            if (by.said.empty()) return false;
            c.begin_answer(c.answer(http_status::ok, "text/plain", std::exchange(by.said, {})));
            return true;
        }
        void on_end(bool is_sent) override { by.ends += is_sent ? '+' : '-'; }
        late_service& by;
    };
};

struct echoing : http_shard {
    explicit echoing(http_options const& options = {}, capacity_limits const& limits = {})
        : http_shard{options, limits}
    {
        routes.add("/late", late);
        routes.add("/*", std::make_shared<echo_service>());
    }
    std::shared_ptr<late_service> late = std::make_shared<late_service>();
};

constexpr char get_a[] = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr char get_late[] = "GET /late HTTP/1.1\r\nHost: x\r\n\r\n";

// A whole answer of which the body is the last.
bool answers(std::string const& heard, std::string const& body)
{
    return heard.starts_with("HTTP/1.1 200 OK\r\n") && heard.ends_with("\r\n\r\n" + body);
}

}  // namespace

TEST_CASE("a connection that never says a word ends without one", "[http][unit]")
{
    echoing at;
    http_peer peer{at};
    at.pass(milliseconds{9'000});
    CHECK(peer.heard().empty());
    CHECK_FALSE(peer.is_over());
    at.pass(milliseconds{2'000});
    CHECK(peer.heard().empty());
    CHECK(peer.is_over());
    CHECK(at.context.open == 0);
}

TEST_CASE("a head has its time from its first byte, whatever the connection did before",
          "[http][unit]")
{
    echoing at;
    http_peer peer{at};
    peer.say(get_a);
    CHECK(answers(peer.heard(), "/a"));
    at.pass(milliseconds{60'000});  // it rests
    peer.say("GET");
    at.pass(milliseconds{9'000});
    peer.say(" /");
    at.pass(milliseconds{2'000});
    CHECK(peer.heard().starts_with("HTTP/1.1 408 "));
    CHECK(peer.is_over());
    CHECK(at.context.refused[http_refusal::head_timeout] == 1);
}

TEST_CASE("a connection that rests too long ends without a word", "[http][unit]")
{
    echoing at;
    http_peer peer{at};
    peer.say(get_a);
    CHECK(answers(peer.heard(), "/a"));
    at.pass(milliseconds{76'000});
    CHECK(peer.heard().empty());
    CHECK(peer.is_over());
}

TEST_CASE("a body has its time, and the connection goes on after it", "[http][unit]")
{
    echoing at;
    http_peer peer{at};
    peer.say("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo");
    at.pass(milliseconds{29'000});
    peer.say("dy");
    CHECK(answers(peer.heard(), "body"));
    peer.say("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo");
    at.pass(milliseconds{31'000});
    CHECK(peer.heard().starts_with("HTTP/1.1 408 "));
    CHECK(peer.is_over());
    CHECK(at.context.refused[http_refusal::body_timeout] == 1);
}

TEST_CASE("an answer that is not read has its time, and no more of it is sent", "[http][unit]")
{
    echoing at;
    http_peer peer{at};
    std::string const body(1'000'000, 'x');
    peer.say("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    for (std::size_t at_byte = 0; at_byte < body.size(); at_byte += 50'000)
        peer.say(body.substr(at_byte, 50'000));
    at.pass(milliseconds{31'000});
    std::string const heard = peer.heard();
    CHECK(heard.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(heard.size() < body.size());
    CHECK(peer.is_over());
    CHECK(at.context.refused[http_refusal::answer_timeout] == 1);
}

TEST_CASE("an answer that comes later has all the time there is", "[http][unit]")
{
    echoing at;
    http_peer peer{at};
    peer.say(get_late);
    at.pass(milliseconds{600'000});
    CHECK(peer.heard().empty());
    at.late->waiting->wake();  // for nothing
    at.run();
    CHECK(peer.heard().empty());
    at.late->say("at last");
    at.run();
    CHECK(answers(peer.heard(), "at last"));
    CHECK(at.late->ends == "+");
    peer.say(get_a);
    CHECK(answers(peer.heard(), "/a"));
}

TEST_CASE("what comes while an answer is waited for is served after it", "[http][unit]")
{
    echoing at;
    http_peer peer{at};
    peer.say(get_late);
    peer.say(get_a);
    CHECK(peer.heard().empty());
    at.late->say("first");
    at.run();
    std::string const heard = peer.heard();
    CHECK(heard.find("first") < heard.find("\r\n\r\n/a"));
    CHECK(heard.ends_with("\r\n\r\n/a"));
}

TEST_CASE("who goes while an answer is waited for gets none", "[http][unit]")
{
    echoing at;
    http_peer peer{at};
    peer.say(get_late);
    peer.go();
    CHECK(at.late->ends == "-");
}

TEST_CASE("who sends too much while an answer is waited for gets none", "[http][unit]")
{
    echoing at;
    http_peer peer{at};
    peer.say(get_late);
    std::string const many(32'000, 'x');
    peer.say(many);
    peer.say(many);
    CHECK(at.late->ends.empty());
    peer.say(many);
    CHECK(at.late->ends == "-");
}

TEST_CASE("a guest is told why it may not dally, and is served once", "[http][unit]")
{
    capacity_limits full;
    full.connections = 0;
    echoing at{{}, full};
    http_peer silent{at};
    http_peer asking{at};
    asking.say(get_a);
    std::string const heard = asking.heard();
    CHECK(answers(heard, "/a"));
    CHECK(heard.find("Connection: close\r\n") != heard.npos);
    CHECK(asking.is_over());
    at.pass(milliseconds{1'100});
    CHECK(silent.heard().starts_with("HTTP/1.1 503 "));
    CHECK(silent.is_over());
    CHECK(at.context.refused[http_refusal::too_many_connections] == 1);
}

TEST_CASE("a shard that hands over ends idle connections, and each other one after its answer",
          "[http][unit]")
{
    echoing at;
    http_peer silent{at};
    http_peer resting{at};
    resting.say(get_a);
    CHECK(answers(resting.heard(), "/a"));
    http_peer in_head{at};
    in_head.say("GET");
    http_peer waiting{at};
    waiting.say(get_late);

    at.context.draining = true;
    for (listed_connection& c : at.context.connections) c.cancel_if_idle();
    at.run();
    CHECK(resting.heard().empty());
    CHECK(resting.is_over());
    silent.say(get_a);
    in_head.say(get_a + 3);
    at.late->say("late");
    at.run();
    CHECK(answers(silent.heard(), "/a"));
    CHECK(answers(in_head.heard(), "/a"));
    CHECK(answers(waiting.heard(), "late"));
    for (http_peer* p : {&silent, &in_head, &waiting}) CHECK(p->is_over());
}

TEST_CASE("a stop ends the connections without a request, and no other", "[http][unit]")
{
    echoing at;
    http_peer silent{at};
    http_peer resting{at};
    resting.say(get_a);
    CHECK(answers(resting.heard(), "/a"));
    http_peer in_head{at};
    in_head.say("GET");
    http_peer in_body{at};
    in_body.say("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo");
    http_peer waiting{at};
    waiting.say(get_late);

    at.context.stopping = true;
    for (listed_connection& c : at.context.connections) c.stop_if_resting();
    at.run();
    for (http_peer* p : {&silent, &resting, &in_head}) {
        CHECK(p->heard().empty());
        CHECK(p->is_over());
    }
    in_body.say("dy");
    at.late->say("bye");
    at.run();
    CHECK(answers(in_body.heard(), "body"));
    CHECK(in_body.is_over());
    CHECK(answers(waiting.heard(), "bye"));
    CHECK(waiting.is_over());
}
