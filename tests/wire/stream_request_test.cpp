// SPDX-License-Identifier: MIT
#include "wire/stream_request.hpp"

#include "support/catch.hpp"

#include <string>
#include <utility>

using namespace notify;

namespace {

constexpr std::uint64_t now = 1'732'657'161'000'000;
constexpr position place{1'732'657'160'000, 17, 1'732'657'161'234'567};
constexpr char place_text[] = "1732657160000-17-1732657161234567";

stream_request asked_by(stream_question const& q)
{
    auto r = read_stream_request(q, now);
    REQUIRE(r.has_value());
    return *r;
}

stream_request read(stream_question q)
{
    q.names_user = true;
    return asked_by(q);
}

stream_refusal refusal_of(stream_question const& q)
{
    auto const r = read_stream_request(q, now);
    REQUIRE(r.has_error());
    return r.error();
}

}  // namespace

TEST_CASE("a stream comes in the form that its client likes best", "[wire][unit]")
{
    auto const form_for = [](std::string_view accept) { return read({.accept = accept}).form; };
    CHECK(form_for("") == stream_form::server_sent);
    CHECK(form_for("*/*") == stream_form::server_sent);
    CHECK(form_for("text/event-stream") == stream_form::server_sent);
    CHECK(form_for("text/event-stream, application/x-ndjson") == stream_form::server_sent);
    CHECK(form_for("application/x-ndjson") == stream_form::ndjson);
    CHECK(form_for("application/*") == stream_form::ndjson);
    CHECK(form_for("application/x-ndjson, */*;q=0.1") == stream_form::ndjson);
    CHECK(form_for("text/event-stream;q=0.5, application/x-ndjson;q=0.6") == stream_form::ndjson);
}

TEST_CASE("a client that takes neither form is told both", "[wire][unit]")
{
    auto const accept = GENERATE(as<std::string>{}, "text/html", "application/json",
                                 "text/event-stream;q=0", "nonsense", ",");
    CAPTURE(accept);
    auto const why = refusal_of({.accept = accept, .names_user = true});
    CHECK(why.status == http_status::not_acceptable);
    CHECK(why.code == "NOT_ACCEPTABLE");
}

TEST_CASE("a stream begins behind the newest event that its client names", "[wire][unit]")
{
    std::string const in_query = std::string{"last_event_id="} + place_text;
    CHECK(read({}).from == log_start{});
    CHECK(read({.last_event_id = place_text}).from == log_start::after(place));
    CHECK(read({.query = in_query}).from == log_start::after(place));
    CHECK(read({.last_event_id = place_text, .query = "last_event_id=1-2-3&since=all"}).from ==
          log_start::after(place));
    CHECK(read({.query = "since=all&" + in_query}).from == log_start::after(place));
    CHECK(read({.query = "since=all"}).from.what == log_start::kind::all);
    CHECK(read({.query = "since=latest"}).from == log_start{});
    CHECK(read({.query = "since=1732657160000-17"}).from.what == log_start::kind::id);
    CHECK(read({.query = "since=10m"}).from.where.at == now - 600'000'000);
    CHECK(read({.query = "since=&last_event_id=&recovery=&x=y"}).from == log_start{});
}

TEST_CASE("a position that cannot be read is refused, and its token is not shown", "[wire][unit]")
{
    auto const [header, query, message] = GENERATE(table<std::string, std::string, std::string>({
        {"17", "", "Last-Event-ID is \"17\": expected the id of an event of this stream"},
        {"1-2-3. ", "", "Last-Event-ID is \"1-2-3\": expected the id of an event of this stream"},
        {"x.s3cret", "since=all",
         "Last-Event-ID is \"x\": expected the id of an event of this stream"},
        {"", "last_event_id=%1b",
         "last_event_id is \"\\e\": expected the id of an event of this stream"},
        {"", "since=yesterday",
         "since is \"yesterday\": expected all, latest, the id of a notification, or a time "
         "such as 10m"},
        {"", "since=10",
         "since is \"10\": expected all, latest, the id of a notification, or a "
         "time such as 10m"},
    }));
    auto const why = refusal_of({.last_event_id = header, .query = query, .names_user = true});
    CHECK(why.status == http_status::bad_request);
    CHECK(why.code == "BAD_POSITION");
    CHECK(why.message == message);
}

TEST_CASE("a client is known by a token, else a uuid, else its headers", "[wire][unit]")
{
    std::string const with_token = std::string{place_text} + ".t1";
    stream_question q{.last_event_id = with_token,
                      .authorization = "Bearer u1",
                      .query = "uuid=u2&recovery=t2&uuid=u3",
                      .names_user = true};
    auto r = asked_by(q);
    CHECK(r.token == "t1");
    CHECK_FALSE(r.uuid);
    CHECK(r.from == log_start::after(place));
    q.last_event_id = place_text;
    CHECK(asked_by(q).token == "t2");
    q.query = "uuid=u2&recovery=&uuid=u3";
    r = asked_by(q);
    CHECK(r.token.empty());
    CHECK(r.uuid == "u1");
    q.authorization = "Basic dTE6";
    CHECK(asked_by(q).uuid == "u2");
    q.query = "";
    CHECK_FALSE(asked_by(q).uuid);
    CHECK(read({.last_event_id = ".t3"}).token == "t3");
    CHECK(read({.last_event_id = ".t3"}).from == log_start{});
}

TEST_CASE("a bearer's uuid is what follows the scheme, in any spelling of that", "[wire][unit]")
{
    auto const uuid_in = [](std::string_view authorization) {
        return read({.authorization = authorization}).uuid.value_or("none");
    };
    CHECK(uuid_in("bearer u1") == "u1");
    CHECK(uuid_in("BEARER   u1 ") == "u1");
    CHECK(uuid_in("Bearer") == "");
    CHECK(uuid_in("Bearers u1") == "none");
    CHECK(uuid_in("") == "none");
}

TEST_CASE("a client that does not say who it is, is told how to", "[wire][unit]")
{
    auto const why = refusal_of({.authorization = "Basic dTE6", .query = "since=all"});
    CHECK(why.status == http_status::unauthorized);
    CHECK(why.code == "NO_IDENTITY");
    CHECK_FALSE(read_stream_request({.query = "uuid="}, now).has_error());  // of nobody
}
