// SPDX-License-Identifier: MIT
#include "wire/engine_endpoint.hpp"

#include "http/http_connection.hpp"
#include "protocol/jsonp.hpp"
#include "wire/kept_headers.hpp"
#include "wire/polling_transport.hpp"
#include "wire/shard_id.hpp"
#include "wire/websocket_transport.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/verb.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <fmt/format.h>

#include <exception>
#include <optional>
#include <span>
#include <utility>

namespace notify {

namespace http = boost::beast::http;
using boost::intrusive_ptr;
using eio::close_reason;
using eio::request_error;
using eio::transport_kind;

namespace {

// A plain request may say `Connection: upgrade` all the same, as some proxies
// make all requests do; without `Upgrade: websocket` it is a plain request.
bool wants_websocket(http_connection const& c)
{
    return boost::beast::websocket::is_upgrade(c.request());
}

// What a page loads as an image or a script is asked for without an Origin, and
// with the cookies of whoever visits the page. Browsers say so in Sec-Fetch-Site
// (Fetch Metadata Request Headers); of a client of the site's own it is not true.
bool is_loaded_by_foreigner(http_connection const& c)
{
    if (!c.header(http::field::origin).empty()) return false;
    std::string_view const from = c.request()["Sec-Fetch-Site"];
    return from == "cross-site" || from == "same-site";
}

page_claim claim_of(http_connection const& c)
{
    auto const& r = c.request();
    // One by the proxy, the other by whoever it serves?
    bool const is_sure = r.count("X-Forwarded-Host") == 1;
    return {r[http::field::origin], r[http::field::host], is_sure ? r["X-Forwarded-Host"] : "",
            r["X-Forwarded-Proto"]};
}

// `0{"sid":…}`: a session's first packet. A WebSocket has nothing to upgrade to.
std::string open_packet(eio::session const& s, transport_kind kind)
{
    eio::engine_options const& o = s.context().options;
    return fmt::format(
        R"(0{{"sid":"{}","upgrades":[{}],"pingInterval":{},"pingTimeout":{},"maxPayload":{}}})",
        s.id(), kind == transport_kind::polling ? R"("websocket")" : "", o.ping_interval.count(),
        o.ping_timeout.count(), o.max_payload);
}

// Lets a page of this origin read the answer (Fetch standard, CORS); none if it is empty.
http_response readable(http_response response, std::string const& origin)
{
    if (origin.empty()) return response;
    response.set(http::field::access_control_allow_origin, origin);
    response.set(http::field::access_control_allow_credentials, "true");
    response.set(http::field::vary, "Origin");
    return response;
}

net::awaitable<bool> send(http_connection& c, http_response response, std::string const& origin)
{
    co_return co_await c.respond(readable(std::move(response), origin));
}

// What came with a WebSocket's handshake, after it.
std::span<char> early_bytes(arrival& from)
{
    auto const bytes = from.buffer.data();
    return {static_cast<char*>(bytes.data()), bytes.size()};
}

// A client that is not answered as it should be has missed something: its session
// ends, so that it knows. Where there is no memory to wait for something, Asio
// ends a coroutine without an exception; so this is a destructor.
struct unanswered {
    ~unanswered()
    {
        if (!answered) s.close_soon(close_reason::internal_error);
    }

    eio::session& s;
    bool answered = false;
};

constexpr char plain[] = "text/plain; charset=UTF-8";
constexpr char octets[] = "application/octet-stream";

http_response answer_to_get(http_connection const& c, std::string const& jsonp,
                            polling_transport::payload payload)
{
    if (payload.is_binary) return c.answer(http::status::ok, octets, std::move(payload.body));
    if (jsonp.empty()) return c.answer(http::status::ok, plain, std::move(payload.body));
    http_response response = c.answer(http::status::ok, "text/javascript; charset=UTF-8",
                                      eio::jsonp_answer(jsonp, payload.body));
    response.set("X-Content-Type-Options", "nosniff");
    return response;
}

// A GET that is answered when there are packets. A client whose GET is dropped
// without an answer has missed something, so that its session ends.
class polling_get final : public deferred_answer {
public:
    polling_get(http_connection& c, polling_transport& wire, intrusive_ptr<eio::session> s,
                std::string jsonp, std::string origin)
        : wire_{&wire}, session_{std::move(s)}
    {
        if (!jsonp.empty() || !origin.empty())
            reader_.reset(new reader{std::move(jsonp), std::move(origin)});
        wire_->set_waiter(&c);
    }

    ~polling_get() override
    {
        if (!begun_) wire_->set_waiter(nullptr);
        if (!ended_) session_->close_soon(close_reason::internal_error);
    }

    bool try_answer(http_connection& c) override
    {
        auto next = wire_->next_payload();
        if (next.body.empty()) return false;
        // The next GET may come as soon as the client has this answer.
        begun_ = true;
        wire_->set_waiter(nullptr);
        static reader const plain_reader;
        reader const& by = reader_ ? *reader_ : plain_reader;
        c.begin_answer(readable(answer_to_get(c, by.jsonp, std::move(next)), by.origin));
        return true;
    }

    void on_end(bool is_sent) override
    {
        ended_ = true;
        if (!is_sent) session_->on_transport_end(*wire_, close_reason::transport_closed);
    }

private:
    // The page or the script that reads the answer; most clients need neither.
    struct reader {
        std::string jsonp;
        std::string origin;
    };

    intrusive_ptr<polling_transport> const wire_;
    intrusive_ptr<eio::session> const session_;
    std::unique_ptr<reader> reader_;
    bool begun_ = false;
    bool ended_ = false;
};

// How the packets of a POST are put together. Nothing if the client may not send
// that: binary bodies belong to protocol 3, in 4 it is base64 within text.
std::optional<eio::payload_form> form_of(http_connection const& c, eio::dialect speaks)
{
    bool const is_binary = c.header(http::field::content_type) == octets;
    if (speaks.is_v3()) return is_binary ? eio::payload_form::binary : eio::payload_form::counted;
    if (is_binary) return std::nullopt;
    return eio::payload_form::separated;
}

}  // namespace

net::awaitable<void> engine_endpoint::serve(http_connection& c)
{
    if (c.request().method() == http::verb::options) co_return co_await serve_preflight(c);
    auto const q = eio::parse_engine_query(c.query());
    if (!q) co_return co_await refuse(c, q.error());
    // Cookies travel by themselves, and WebSockets know no CORS: there the page
    // must be one that may speak for the user.
    bool const speaks_for_user = q->transport == transport_kind::websocket ||
                                 names_user(c.request(), context_.options.more_headers);
    // A script is read by whoever loads it: it never speaks for a user (kept_of).
    bool const is_script = !q->jsonp.empty();
    bool const is_named = !c.header(http::field::origin).empty() && !origin_allowed(c);
    bool const is_foreign = is_named || (is_loaded_by_foreigner(c) && !is_script);
    // A page that could not read the answer is refused, cookies or not: its library
    // says so then, and so does the log.
    if ((speaks_for_user && is_foreign) || (is_named && !is_script))
        co_return co_await refuse_origin(c);
    if (q->sid.empty()) co_return co_await serve_handshake(c, *q);

    std::size_t const shard = shard_of(q->sid);
    if (shard != context_.shard && shard < context_.shard_count) co_return c.move_to(shard);
    auto s = sessions_.sessions.find(q->sid);
    if (!s && !c.try_settle()) co_return co_await turn_away(c, http_refusal::too_many_connections);
    if (!s) co_return co_await refuse(c, request_error::session_unknown);
    // It speaks for a user with the headers that began it, whoever knows its id.
    if (!s->request().empty() && (is_foreign || is_script)) co_return co_await refuse_origin(c);
    co_await serve_session(c, *q, std::move(s));
}

bool engine_endpoint::origin_allowed(http_connection const& c) const
{
    return c.request().count(http::field::origin) <= 1 && origins_.allows(claim_of(c), c.remote());
}

std::string engine_endpoint::readable_by(http_connection const& c) const
{
    return origin_allowed(c) ? std::string{c.header(http::field::origin)} : std::string{};
}

net::awaitable<void> engine_endpoint::refuse(http_connection& c, request_error e)
{
    http_refusal const why = refusal_of(e);
    context_.refused.add(why);
    co_await send(c, c.answer(status_of(why), "application/json", eio::body_of(e)), readable_by(c));
}

net::awaitable<void> engine_endpoint::refuse_origin(http_connection& c)
{
    page_claim const page = claim_of(c);
    context_.newest_bad_origin =
        page.origin.empty() ? "" : origins_.reason_to_refuse(page, c.remote());
    co_await refuse(c, request_error::forbidden);
}

// A browser asks before it sends what an HTML form could not, such as headers of a
// script's own.
net::awaitable<void> engine_endpoint::serve_preflight(http_connection& c)
{
    if (!origin_allowed(c)) co_return co_await refuse_origin(c);
    http_response response = c.answer(http::status::no_content, plain, "");
    std::string const origin = readable_by(c);
    if (!origin.empty()) {
        response.set(http::field::access_control_allow_methods, "GET, POST");
        response.set(http::field::access_control_allow_headers,
                     c.header(http::field::access_control_request_headers));
    }
    co_await send(c, std::move(response), origin);
}

net::awaitable<void> engine_endpoint::serve_handshake(http_connection& c,
                                                      eio::engine_query const& q)
{
    if (c.request().method() != http::verb::get)
        co_return co_await refuse(c, request_error::bad_handshake_method);
    bool const websocket = q.transport == transport_kind::websocket;
    if (websocket != wants_websocket(c)) co_return co_await refuse(c, request_error::bad_request);
    bool const served = q.version == 4 || (q.version == 3 && sessions_.options.eio3);
    if (!served) co_return co_await refuse(c, request_error::unsupported_version);
    admission a;
    if (auto const why = admit(c, q, a)) co_return co_await turn_away(c, *why);
    if (websocket)
        co_await serve_new_websocket(c, q, a);
    else
        co_await serve_new_polling(c, q, a);
}

std::optional<http_refusal> engine_endpoint::admit(http_connection& c, eio::engine_query const& q,
                                                   admission& a) const
{
    if (!c.try_settle()) return http_refusal::too_many_connections;
    a.place = quota_share{context_.capacity.sessions};
    if (!a.place) return http_refusal::too_many_sessions;
    a.request = kept_of(c, q);
    if (!a.request) return std::nullopt;
    a.request->memory = quota_share{context_.capacity.kept, a.request->bytes()};
    if (!a.request->memory) return http_refusal::too_much_kept;
    return std::nullopt;
}

// As many are served as can be. The page may read the answer, and tries again.
net::awaitable<void> engine_endpoint::turn_away(http_connection& c, http_refusal why)
{
    context_.refused.add(why);
    co_await send(c, c.answer(status_of(why), plain, sentence_of(why)), readable_by(c));
}

// What the session may speak for a user with. A script of any site's page can begin a
// JSONP session and read it, and the browser sends the cookies of whoever visits that
// page but no Origin: nothing is kept.
std::unique_ptr<eio::handshake> engine_endpoint::kept_of(http_connection const& c,
                                                         eio::engine_query const& q) const
{
    if (!q.jsonp.empty() || !names_user(c.request(), context_.options.more_headers)) return nullptr;
    return std::make_unique<eio::handshake>(
        kept_headers(c.request(), c.remote(), origins_, context_.options.more_headers));
}

engine_endpoint::session_ptr engine_endpoint::make_session(intrusive_ptr<eio::transport> wire,
                                                           admission a, eio::engine_query const& q)
{
    eio::dialect const speaks{static_cast<std::uint8_t>(q.version), q.base64};
    return new eio::session{sessions_,       std::move(a.place),   random_id_of(context_.shard),
                            std::move(wire), std::move(a.request), speaks};
}

// A session that cannot be begun must not be left in the table.
void engine_endpoint::start(session_ptr const& s)
{
    sessions_.sessions.insert(s);
    try {
        s->start(application_.accept(*s));
    } catch (std::exception const&) {
        s->close(close_reason::internal_error);
        throw;
    }
}

net::awaitable<void> engine_endpoint::serve_new_polling(http_connection& c,
                                                        eio::engine_query const& q, admission& a)
{
    session_ptr const s = begin_polling(q, a);
    unanswered request{*s};
    eio::payload_writer writer{s->speaks().is_v3() ? eio::payload_form::counted
                                                   : eio::payload_form::separated};
    writer.add(open_packet(*s, transport_kind::polling));
    polling_transport::payload opening{writer.take(), false};
    if (!co_await send(c, answer_to_get(c, q.jsonp, std::move(opening)), readable_by(c)))
        s->close(close_reason::transport_closed);
    request.answered = true;
}

engine_endpoint::session_ptr engine_endpoint::begin_polling(eio::engine_query const& q,
                                                            admission& a)
{
    intrusive_ptr<polling_transport> const wire{new polling_transport};
    session_ptr s = make_session(wire, std::move(a), q);
    wire->carry(*s);
    start(s);
    return s;
}

net::awaitable<void> engine_endpoint::serve_new_websocket(http_connection& c,
                                                          eio::engine_query const& q, admission& a)
{
    auto upgraded = co_await c.upgrade();
    if (upgraded) begin_websocket(*upgraded, a, q);
}

// No coroutine: in those of GCC 12 what is passed on by value is lost when the
// function that takes it throws.
void engine_endpoint::begin_websocket(arrival& from, admission& a, eio::engine_query const& q)
{
    intrusive_ptr<websocket_transport> const wire{
        new websocket_transport{context_, std::move(from.socket), std::move(from.place)}};
    session_ptr const s = make_session(wire, std::move(a), q);
    frame const opening = frame::text(open_packet(*s, transport_kind::websocket));
    if (!wire->greet(from.answer.append(opening.wire()))) return;
    start(s);
    if (!s->ended()) wire->start(*s, early_bytes(from));
}

net::awaitable<void> engine_endpoint::serve_session(http_connection& c, eio::engine_query const& q,
                                                    session_ptr s)
{
    s->on_request();
    if (wants_websocket(c)) {
        if (q.transport == transport_kind::websocket) co_return co_await serve_upgrade(c, s);
    } else if (q.transport == s->wire().kind() && q.transport == transport_kind::polling) {
        co_return co_await serve_poll(c, q, s);
    }
    co_await refuse(c, request_error::bad_request);
}

net::awaitable<void> engine_endpoint::serve_poll(http_connection& c, eio::engine_query const& q,
                                                 session_ptr s)
{
    unanswered request{*s};
    auto const method = c.request().method();
    if (method == http::verb::get)
        co_await serve_get(c, q, s);
    else if (method == http::verb::post)
        co_await serve_post(c, q, s);
    else
        co_await refuse(c, request_error::bad_request);
    request.answered = true;
}

// Whether the session can be upgraded is said by closing the WebSocket, since
// only the handshake's end shows whether there is one.
net::awaitable<void> engine_endpoint::serve_upgrade(http_connection& c, session_ptr s)
{
    if (!c.try_settle()) co_return co_await turn_away(c, http_refusal::too_many_connections);
    auto upgraded = co_await c.upgrade();
    if (upgraded) begin_upgrade(*upgraded, *s);
}

void engine_endpoint::begin_upgrade(arrival& from, eio::session& s)
{
    intrusive_ptr<websocket_transport> const wire{
        new websocket_transport{context_, std::move(from.socket), std::move(from.place)}};
    if (wire->greet(from.answer) && s.try_upgrade(wire))
        wire->start(s, early_bytes(from));  // else this closes the socket
}

net::awaitable<void> engine_endpoint::serve_get(http_connection& c, eio::engine_query const& q,
                                                session_ptr s)
{
    auto& wire = static_cast<polling_transport&>(s->wire());
    if (wire.getting()) {
        s->close(close_reason::overlapping_poll);
        co_return co_await refuse(c, request_error::bad_request);
    }
    c.defer(std::make_unique<polling_get>(c, wire, std::move(s), q.jsonp, readable_by(c)));
}

net::awaitable<void> engine_endpoint::serve_post(http_connection& c, eio::engine_query const& q,
                                                 session_ptr s)
{
    intrusive_ptr<polling_transport> const wire{static_cast<polling_transport*>(&s->wire())};
    if (wire->posting) {
        s->close(close_reason::overlapping_poll);
        co_return co_await refuse(c, request_error::bad_request);
    }
    auto const form = form_of(c, s->speaks());
    if (!form) {
        s->close(close_reason::parse_error);
        co_return co_await refuse(c, request_error::bad_request);
    }
    wire->posting = true;
    auto body = co_await c.read_body(sessions_.options.max_payload);
    wire->posting = false;
    if (!body) {  // one too long was refused, and nothing else has happened
        if (body.error() == body_error::broken)
            s->on_transport_end(*wire, close_reason::transport_closed);
        co_return;
    }
    if (!q.jsonp.empty()) body = eio::payload_of_jsonp(*body);
    if (!wire->take(*body, *form)) co_return co_await refuse(c, request_error::bad_request);
    co_await send(c, c.answer(http::status::ok, "text/html", "ok"), readable_by(c));
}

}  // namespace notify
