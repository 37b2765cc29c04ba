// SPDX-License-Identifier: MIT
#include "gateway/notification_streams.hpp"

#include "base/json.hpp"
#include "contract/stream_token.hpp"
#include "http/http_shard.hpp"
#include "pubsub/memory_broker.hpp"
#include "pubsub/memory_message_log.hpp"
#include "support/catch.hpp"
#include "support/memory_identity.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace notify;
using namespace notify::test;

namespace {

using strings = std::vector<std::string>;

constexpr char events_path[] = "/io/user/notifications/events";
constexpr char channel_of_7[] = "/app/user/7/notifications";
secret_key const site_key{"of the site"};

std::string token_of(char const* user, std::int64_t good_for = 60)
{
    return stream_token_of(parse_user_id(user).value(), std::time(nullptr) + good_for, site_key);
}

struct streams_fixture : http_shard {
    explicit streams_fixture(capacity_limits const& limits = {}, hub_options const& hub_limits = {})
        : http_shard{{}, limits},
          channels{broker, context.clock, hub_limits, &log},
          service{std::make_shared<notification_streams>(
              context, origins, channels, who, failed, fresh,
              stream_tokens{[this] { return key; }, milliseconds{120'000}},
              notification_streams::options{})}
    {
        routes.add(events_path, service);
        broker.come_up();
    }

    // Streams leave their channels before these go.
    ~streams_fixture()
    {
        for (listed_connection& c : context.connections) c.cancel();
        run();
    }

    // The user's channel and log are there.
    void confirm()
    {
        broker.confirm(channel_of_7);
        answer_log();
    }

    void answer_log()
    {
        while (log.waiting() > 0) log.answer();
        run();
    }

    // Stores a notification for user 7.
    position store(std::string_view message)
    {
        return log.append(channel_of_7, fmt::format(R"("unread":1,"message":"{}"}})", message));
    }

    // And publishes it.
    position send(std::string_view message)
    {
        position const p = store(message);
        broker.publish(
            channel_of_7,
            fmt::format("\x1e{{\"id\":\"{}\",\"at\":{},\"unread\":1,\"message\":\"{}\"}}", id_of(p),
                        p.at, message));
        run();
        return p;
    }

    strings failures()
    {
        strings told;
        failed.take_new([&](subscription_failure why, std::uint64_t n, std::string_view sentence) {
            told.push_back(fmt::format("{} {}: {}", name_of(why), n, sentence));
        });
        return told;
    }

    memory_broker broker;
    memory_message_log log;
    memory_identity who;
    origin_policy origins;
    failed_subscriptions failed;
    new_subscriptions fresh{false, ""};
    hub channels;
    secret_key const* key = &site_key;  // null: not known yet
    std::shared_ptr<notification_streams> service;
};

// A client of lines. It speaks HTTP/1.0, so that what it hears is not chunked.
class reader {
public:
    reader(streams_fixture& at, std::string const& query, std::string const& headers = "")
        : peer{at}
    {
        peer.say(fmt::format("GET {}?{} HTTP/1.0\r\nHost: site.example\r\nAccept: "
                             "application/x-ndjson\r\n{}\r\n",
                             events_path, query, headers));
    }

    // What has come since the last call, in short: `notification Hey`, `internal GAP`.
    strings heard()
    {
        strings told;
        std::string all = peer.heard();
        if (auto const end = all.find("\r\n\r\n"); end != all.npos) {
            head = all.substr(0, end + 2);
            all.erase(0, end + 4);
        }
        while (!all.empty()) {
            auto const line = all.substr(0, all.find('\n'));
            all.erase(0, line.size() + 1);
            newest = parse_json(line).value();
            if (newest.contains("id")) id = newest["id"].get<std::string>();
            told.push_back(in_short(newest));
        }
        return told;
    }

    [[nodiscard]] std::string status() const
    {
        return head.substr(9, std::min<std::size_t>(3, head.size()));
    }

    http_peer peer;
    std::string head;
    std::string id;  // the newest
    json newest;     // event

private:
    static std::string in_short(json const& event)
    {
        if (!event.contains("event")) return event["code"].get<std::string>();  // a refusal
        auto const name = event["event"].get<std::string>();
        if (!event.contains("data")) return name;
        json const& data = event["data"];
        return name + " " + data[name == "internal" ? "code" : "message"].get<std::string>();
    }
};

// The status and the code of a refusal, or the status alone.
std::string answer_to(streams_fixture& at, std::string const& request)
{
    http_peer peer{at};
    peer.say(request);
    std::string const all = peer.heard();
    if (all.empty()) return "nothing";
    std::string answer = all.substr(9, 3);
    auto const body = parse_json(all.substr(all.find("\r\n\r\n") + 4));
    if (body && body->contains("code") && (*body)["code"].is_string())
        answer += " " + (*body)["code"].get<std::string>();
    return answer;
}

std::string request_of(std::string const& method, std::string const& query,
                       std::string const& headers)
{
    return fmt::format("{} {}{} HTTP/1.1\r\nHost: site.example\r\n{}\r\n", method, events_path,
                       query, headers);
}

strings const subscribed_only{"internal SUBSCRIPTION_OK"};

}  // namespace

TEST_CASE("a stream by a uuid tells of the subscription, and then of each notification",
          "[gateway][unit]")
{
    streams_fixture at;
    reader client{at, "uuid=u1"};
    CHECK(at.who.asked == strings{"uuid u1"});
    at.who.answer("7");
    CHECK(client.heard().empty());
    CHECK(at.context.stream_count == 1);
    at.confirm();
    CHECK(client.heard() == subscribed_only);
    CHECK(client.head.find("\r\nContent-Type: application/x-ndjson\r\n") != client.head.npos);
    auto const token = client.newest["data"]["recovery"].get<std::string>();
    CHECK(user_of_stream_token(token, std::time(nullptr), site_key)->text() == "7");
    CHECK(client.id.ends_with("." + token));
    auto const p = at.send("Hey");
    CHECK(client.heard() == strings{"notification Hey"});
    CHECK(client.id == to_text(p) + "." + token);
    CHECK(client.newest["data"]["id"] == id_of(p));
    CHECK(client.newest["data"]["at"] == p.at);
    client.peer.go();
    CHECK(at.context.stream_count == 0);
}

TEST_CASE("a stream by cookies has no tokens: its client comes back with its cookies",
          "[gateway][unit]")
{
    streams_fixture at;
    reader client{at, "", "Cookie: sid=1\r\n"};
    CHECK(at.who.asked == strings{"cookies sid=1"});
    at.who.answer("7");
    at.confirm();
    CHECK(client.heard() == subscribed_only);
    CHECK_FALSE(client.newest["data"].contains("recovery"));
    auto const p = at.send("Hey");
    CHECK(client.heard() == strings{"notification Hey"});
    CHECK(client.id == to_text(p));
    at.broker.publish(channel_of_7, "live");
    CHECK(client.heard() == strings{"notification live"});
    CHECK_FALSE(client.newest.contains("id"));
}

TEST_CASE("a client that comes back with its newest id first gets what it missed, once",
          "[gateway][unit]")
{
    streams_fixture at;
    auto const had = at.store("had");
    at.store("missed 1");
    at.store("missed 2");
    std::string const id = to_text(had) + "." + token_of("7");
    bool const by_header = GENERATE(true, false);
    reader client{at, by_header ? "uuid=used" : "uuid=used&last_event_id=" + id,
                  by_header ? "Last-Event-ID: " + id + "\r\n" : ""};
    CHECK(at.who.asked.empty());
    at.broker.confirm(channel_of_7);
    auto const p = at.send("while reading");
    at.answer_log();
    CHECK(client.heard() == strings{"notification missed 1", "notification missed 2",
                                    "notification while reading", "internal SUBSCRIPTION_OK"});
    CHECK(client.id.starts_with(to_text(p) + "."));
    at.send("live");
    CHECK(client.heard() == strings{"notification live"});
}

TEST_CASE("a client that comes back too late is told of the gap first", "[gateway][unit]")
{
    streams_fixture at;
    auto const had = at.store("had");
    at.store("trimmed");
    at.store("kept");
    at.log.trim(channel_of_7, 1);
    reader client{at, "recovery=" + token_of("7") + "&last_event_id=" + to_text(had)};
    at.confirm();
    CHECK(client.heard() ==
          strings{"internal GAP", "notification kept", "internal SUBSCRIPTION_OK"});
}

TEST_CASE("a new client may ask for what is stored", "[gateway][unit]")
{
    streams_fixture at;
    at.store("one");
    at.store("two");
    reader client{at, "uuid=u1&since=all"};
    at.who.answer("7");
    at.confirm();
    CHECK(client.heard() ==
          strings{"notification one", "notification two", "internal SUBSCRIPTION_OK"});
}

TEST_CASE("streams of one user in both forms, and with tokens and without, hear the same",
          "[gateway][unit]")
{
    streams_fixture at;
    reader by_token{at, "recovery=" + token_of("7")};
    reader by_cookies{at, "", "Cookie: sid=1\r\n"};
    at.who.answer("7");
    http_peer browser{at};
    browser.say(fmt::format("GET {}?recovery={} HTTP/1.0\r\n\r\n", events_path, token_of("7")));
    at.confirm();
    std::ignore = by_token.heard();
    std::ignore = by_cookies.heard();
    CHECK(browser.heard().find("\nevent: internal\ndata: {\"type\":\"success\",") !=
          std::string::npos);
    auto const p = at.send("Hey");
    CHECK(by_token.heard() == strings{"notification Hey"});
    CHECK(by_cookies.heard() == strings{"notification Hey"});
    std::string const block = browser.heard();
    CHECK(block.starts_with("id: " + to_text(p) + "."));
    CHECK(block.ends_with(fmt::format("\nevent: notification\ndata: {{\"id\":\"{}\",\"at\":{},"
                                      "\"unread\":1,\"message\":\"Hey\"}}\n\n",
                                      id_of(p), p.at)));
}

TEST_CASE("what happens to a subscription is an internal event of its stream", "[gateway][unit]")
{
    streams_fixture at;
    reader client{at, "uuid=u1"};
    at.who.answer("7");
    at.confirm();
    std::ignore = client.heard();
    at.broker.pass_over(channel_of_7, 5'000'000);
    CHECK(client.heard() == strings{"internal MESSAGE_TOO_LARGE"});
    at.broker.go_down();
    at.broker.come_up();
    at.log.expire(channel_of_7);
    at.confirm();
    CHECK(client.heard() == strings{"internal SUBSCRIPTION_OK", "internal GAP"});
    at.pass(milliseconds{25'040});
    CHECK(client.heard() == strings{"heartbeat"});
    at.broker.go_down();
    at.broker.come_up();
    at.broker.refuse(channel_of_7);
    at.run();
    CHECK(client.heard() == strings{"internal USER_ID_RETRIEVAL_RETURNED_ERROR"});
    CHECK(client.peer.is_over());
    CHECK(at.context.stream_count == 0);
}

TEST_CASE("a client that nobody knows gets 401, and 503 while nobody can be asked",
          "[gateway][unit]")
{
    auto const [code, message, status] = GENERATE(table<internal_code, std::string, std::string>({
        {internal_code::unknown_uuid, "nobody has this uuid", "401"},
        {internal_code::redis_failed, "Redis cannot be asked now", "503"},
        {internal_code::cookies_refused, "nobody is logged in: …", "401"},
        {internal_code::cookies_refused, "the browser sent no cookies", "401"},
        {internal_code::cookies_refused, "the web app cannot be asked now", "503"},
    }));
    CAPTURE(message);
    streams_fixture at;
    reader client{at, "uuid=u1"};
    at.who.refuse(code, message, "for the log");
    CHECK(client.heard() == strings{std::string{name_of(code)}});
    CHECK(client.newest["message"] == message);
    CHECK(client.status() == status);
    CHECK(at.failures().size() == 1);
    CHECK((client.head.find("\r\nRetry-After: ") != client.head.npos) == (status == "503"));
    at.run();
    CHECK(at.context.stream_count == 0);
}

TEST_CASE("a recovery token counts only if it was given lately, and by this site",
          "[gateway][unit]")
{
    auto const token = GENERATE(as<std::string>{}, token_of("7", -1), token_of("7") + "x",
                                "1.Nw." + std::string(43, 'A'), "x");
    streams_fixture at;
    reader client{at, "uuid=u1&recovery=" + token};
    CHECK(client.heard() == strings{"RECOVERY_REFUSED"});
    CHECK(client.status() == "401");
    CHECK(at.who.asked.empty());
    CHECK(at.failures().size() == 1);
    CHECK(at.broker.subscribed.empty());
}

TEST_CASE("a token waits a moment for the key that it was signed with", "[gateway][unit]")
{
    streams_fixture at;
    at.key = nullptr;
    reader client{at, "recovery=" + token_of("7")};
    at.pass(milliseconds{1'000});
    CHECK(client.heard().empty());
    SECTION("and is taken when that is known")
    {
        at.key = &site_key;
        at.pass(milliseconds{40});
        at.confirm();
        CHECK(client.heard() == subscribed_only);
        CHECK(client.newest["data"].contains("recovery"));
    }
    SECTION("and no longer")
    {
        at.pass(milliseconds{1'040});
        CHECK(client.heard() == strings{"RECOVERY_REFUSED"});
        CHECK(client.status() == "503");
    }
}

TEST_CASE("a site without recovery gives no tokens, and takes none", "[gateway][unit]")
{
    stream_tokens const none{[] { return &site_key; }, milliseconds{0}};
    CHECK(none.give(parse_user_id("7").value(), milliseconds{25'000}).empty());
    CHECK(none.read(token_of("7"))->error().message ==
          "this site takes no recovery tokens: come with a new uuid");
}

TEST_CASE("a token holds as long as was promised, from the cut", "[gateway][unit]")
{
    stream_tokens const some{[] { return &site_key; }, milliseconds{120'000}};
    auto const token = some.give(parse_user_id("7").value(), milliseconds{25'000});
    CHECK(user_of_stream_token(token, std::time(nullptr) + 145, site_key).has_value());
    CHECK_FALSE(user_of_stream_token(token, std::time(nullptr) + 148, site_key).has_value());
    CHECK(some.renewal() == milliseconds{30'000});
}

TEST_CASE("a stream whose subscription fails is refused", "[gateway][unit]")
{
    hub_options one_each;
    one_each.max_subscribers = 1;
    streams_fixture at{{}, one_each};
    reader client{at, "recovery=" + token_of("7")};
    SECTION("as one too many of its user")
    {
        reader second{at, "recovery=" + token_of("7")};
        CHECK(second.heard() == strings{"USER_ID_RETRIEVAL_RETURNED_ERROR"});
        CHECK(second.status() == "429");
        CHECK(at.failures().size() == 1);
    }
    SECTION("because Redis does not confirm it in time")
    {
        at.pass(milliseconds{2'040});
        CHECK(client.heard() == strings{"USER_ID_RETRIEVAL_RETURNED_ERROR"});
        CHECK(client.status() == "503");
    }
    SECTION("because Redis refuses it")
    {
        at.broker.refuse(channel_of_7);
        CHECK(client.heard() == strings{"USER_ID_RETRIEVAL_RETURNED_ERROR"});
        CHECK(client.status() == "503");
    }
}

TEST_CASE("a request that cannot be meant is told why, and uses up no uuid", "[gateway][unit]")
{
    auto const [method, query, headers, answer] =
        GENERATE(table<std::string, std::string, std::string, std::string>({
            {"POST", "?uuid=u1", "Content-Length: 0\r\n", "405 METHOD_NOT_ALLOWED"},
            {"DELETE", "?uuid=u1", "", "405 METHOD_NOT_ALLOWED"},
            {"GET", "?uuid=u1", "Accept: text/html\r\n", "406 NOT_ACCEPTABLE"},
            {"GET", "?uuid=u1", "Last-Event-ID: 17\r\n", "400 BAD_POSITION"},
            {"GET", "?uuid=u1&since=x", "", "400 BAD_POSITION"},
            {"GET", "?uuid=u1&last_event_id=x", "", "400 BAD_POSITION"},
            {"GET", "", "", "401 NO_IDENTITY"},
            {"GET", "", "Accept: text/event-stream\r\nLast-Event-ID: 1-2-3\r\n", "401 NO_IDENTITY"},
            {"GET", "?uuid=u1", "Origin: https://other.example\r\n", "403"},
            {"GET", "", "Cookie: a=b\r\nSec-Fetch-Site: cross-site\r\n", "403"},
            {"HEAD", "", "", "401"},
        }));
    CAPTURE(method, query, headers);
    streams_fixture at;
    CHECK(answer_to(at, request_of(method, query, headers)) == answer);
    CHECK(at.who.asked.empty());
    CHECK(at.context.stream_count == 0);
}

TEST_CASE("HEAD says that a request would be understood, and asks nobody", "[gateway][unit]")
{
    streams_fixture at;
    http_peer peer{at};
    peer.say(request_of("HEAD", "?uuid=u1", ""));
    std::string const head = peer.heard();
    CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(head.find("\r\nContent-Type: text/event-stream\r\n") != head.npos);
    CHECK(head.ends_with("\r\n\r\n"));
    CHECK(at.who.asked.empty());
}

TEST_CASE("pages of the site may read their stream, and ask before they do", "[gateway][unit]")
{
    streams_fixture at;
    REQUIRE(at.origins.allow("https://app.example").has_value());
    std::string const origin = "Origin: https://app.example\r\n";
    reader client{at, "", "Cookie: sid=1\r\n" + origin};
    at.who.answer("7");
    at.confirm();
    CHECK(client.heard() == subscribed_only);
    CHECK(client.head.find("\r\nAccess-Control-Allow-Origin: https://app.example\r\n") !=
          client.head.npos);
    http_peer preflight{at};
    preflight.say(request_of("OPTIONS", "", origin + "Access-Control-Request-Headers: x\r\n"));
    CHECK(preflight.heard().starts_with("HTTP/1.1 204 "));
    http_peer refused{at};
    refused.say(request_of("GET", "?uuid=", origin));
    at.who.refuse(internal_code::unknown_uuid, "this is no uuid");
    CHECK(refused.heard().find("\r\nAccess-Control-Allow-Origin: https://app.example\r\n") !=
          std::string::npos);
}

TEST_CASE("a stream counts as a session, until it ends", "[gateway][unit]")
{
    capacity_limits limits;
    limits.sessions = 1;
    limits.kept = 10'000;
    streams_fixture at{limits};
    {
        reader first{at, "", "Cookie: sid=1\r\n"};
        CHECK(answer_to(at, request_of("GET", "?uuid=u1", "")) == "503 BUSY");
        CHECK(at.context.refused[http_refusal::too_many_sessions] == 1);
        CHECK(at.context.capacity.kept.taken() > 0);
        at.who.answer("7");  // what named the user is not kept any more
        CHECK(at.context.capacity.kept.taken() == 0);
        first.peer.go();
    }
    CHECK(at.context.capacity.sessions.taken() == 0);
    reader second{at, "recovery=" + token_of("7")};
    at.confirm();
    CHECK(second.heard() == subscribed_only);
}

TEST_CASE("a gateway that is about to end sends new streams to another one", "[gateway][unit]")
{
    streams_fixture at;
    at.context.draining = true;
    CHECK(answer_to(at, request_of("GET", "?uuid=u1", "Accept: application/x-ndjson\r\n")) ==
          "503 DRAINING");
    http_peer browser{at};  // would give up at any status but 200
    browser.say(request_of("GET", "?uuid=u1", "Accept: text/event-stream\r\n"));
    CHECK(browser.heard().empty());
    CHECK(browser.is_over());
    CHECK(at.context.refused[http_refusal::draining] == 2);
    CHECK(at.who.asked.empty());
}

TEST_CASE("a client that goes before it is known takes its question along", "[gateway][unit]")
{
    streams_fixture at;
    reader client{at, "uuid=u1"};
    client.peer.go();
    CHECK(at.context.stream_count == 0);
    at.who.answer("7");  // to nobody
    CHECK(at.broker.subscribed.empty());
}

TEST_CASE("a shard that stops ends its streams whole, and cuts those that have not begun",
          "[gateway][unit]")
{
    streams_fixture at;
    reader subscribed{at, "recovery=" + token_of("7")};
    at.confirm();
    CHECK(subscribed.heard() == subscribed_only);
    reader asking{at, "uuid=u1"};
    at.context.stopping = true;
    for (listed_connection& c : at.context.connections) c.stop_if_resting();
    at.run();
    CHECK(subscribed.heard().empty());
    CHECK(subscribed.peer.is_over());
    CHECK(asking.heard().empty());
    CHECK(asking.peer.is_over());
    CHECK(at.context.stream_count == 0);
}
