// SPDX-License-Identifier: MIT
#include "wire/engine_endpoint.hpp"

#include "http/http_connection.hpp"
#include "wire/kept_headers.hpp"
#include "wire/polling_transport.hpp"
#include "wire/shard_id.hpp"
#include "wire/websocket_bytes.hpp"
#include "wire/websocket_transport.hpp"

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

// `0{"sid":…}`: a session's first packet. A WebSocket has nothing to upgrade to.
std::string open_packet(eio::session const& s, transport_kind kind)
{
    eio::engine_options const& o = s.context().options;
    return fmt::format(
        R"(0{{"sid":"{}","upgrades":[{}],"pingInterval":{},"pingTimeout":{},"maxPayload":{}}})",
        s.id(), kind == transport_kind::polling ? R"("websocket")" : "", o.ping_interval.count(),
        o.ping_timeout.count(), o.max_payload);
}

// What came with a WebSocket's handshake, after it.
std::span<char> early_bytes(arrival& from)
{
    auto const bytes = from.buffer.data();
    return {static_cast<char*>(bytes.data()), bytes.size()};
}

}  // namespace

// The order of the checks is that of docs/protocol.md, Engine.IO 4, Errors: clients know the codes.
net::awaitable<void> engine_endpoint::serve(http_connection& c)
{
    if (c.request().method() == http::verb::options) co_return co_await pages_.serve_preflight(c);
    auto const q = eio::parse_engine_query(c.query());
    if (!q) co_return co_await pages_.refuse(c, q.error());
    asking_page const page = pages_.page_of(c, *q);
    if (page.is_refused) co_return co_await pages_.refuse_origin(c);
    if (q->sid.empty()) co_return co_await serve_handshake(c, *q);

    // An id that names no shard of this process stays here, and is unknown here.
    std::size_t const shard = shard_of(q->sid);
    if (shard != context_.shard && shard < context_.shard_count) co_return c.move_to(shard);
    // A guest whose session is not here hears that the gateway is full, and not that its session is
    // unknown.
    auto s = sessions_.sessions.find(q->sid);
    if (!s && !c.try_settle())
        co_return co_await pages_.turn_away(c, http_refusal::too_many_connections);
    if (!s) co_return co_await pages_.refuse(c, request_error::session_unknown);
    // The session speaks for a user with the headers that began it, whoever knows its id.
    if (!s->request().empty() && (page.is_foreign || page.is_script))
        co_return co_await pages_.refuse_origin(c);
    co_await serve_session(c, *q, std::move(s));
}

net::awaitable<void> engine_endpoint::serve_handshake(http_connection& c,
                                                      eio::engine_query const& q)
{
    if (c.request().method() != http::verb::get)
        co_return co_await pages_.refuse(c, request_error::bad_handshake_method);
    bool const websocket = q.transport == transport_kind::websocket;
    if (websocket != wants_websocket(c))
        co_return co_await pages_.refuse(c, request_error::bad_request);
    bool const served = q.version == 4 || (q.version == 3 && sessions_.options.eio3);
    if (!served) co_return co_await pages_.refuse(c, request_error::unsupported_version);
    admission a;
    if (auto const why = admit(c, q, a)) co_return co_await pages_.turn_away(c, *why);
    if (websocket)
        co_await serve_new_websocket(c, q, a);
    else
        co_await serve_new_polling(c, q, a);
}

// Takes the cheap things first. What was taken when a later one is missing is given back with `a`.
std::optional<http_refusal> engine_endpoint::admit(http_connection& c, eio::engine_query const& q,
                                                   admission& a) const
{
    if (context_.draining) return http_refusal::draining;
    if (!c.try_settle()) return http_refusal::too_many_connections;
    a.place = quota_share{context_.capacity.sessions};
    if (!a.place) return http_refusal::too_many_sessions;
    a.request = kept_of(c, q);
    if (!a.request) return std::nullopt;
    a.request->memory = quota_share{context_.capacity.kept, a.request->bytes()};
    if (!a.request->memory) return http_refusal::too_much_kept;
    return std::nullopt;
}

// Returns what the session may speak for a user with, or null. Of a JSONP request nothing is kept:
// a script of any site's page can begin such a session and read it, and the browser sends with it
// the cookies of whoever visits that page, but no Origin.
std::unique_ptr<eio::handshake> engine_endpoint::kept_of(http_connection const& c,
                                                         eio::engine_query const& q) const
{
    if (!q.jsonp.empty() || !names_user(c.request(), context_.options.more_headers)) return nullptr;
    return std::make_unique<eio::handshake>(
        kept_headers(c.request(), c.remote(), pages_.origins(), context_.options.more_headers));
}

// Makes a session that is not in the table yet; if it goes no further it is merely destroyed.
engine_endpoint::session_ptr engine_endpoint::make_session(intrusive_ptr<eio::transport> wire,
                                                           admission a, eio::engine_query const& q)
{
    eio::dialect const speaks{static_cast<std::uint8_t>(q.version), q.base64};
    return new eio::session{sessions_,       std::move(a.place),   random_id_of(context_.shard),
                            std::move(wire), std::move(a.request), speaks};
}

// Puts the session into the table and starts it. If the application cannot begin it, for want of
// memory for instance, it is closed, which takes it out of the table again.
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

// The session exists before its client hears of it. If the answer does not arrive, greet() ends it.
net::awaitable<void> engine_endpoint::serve_new_polling(http_connection& c,
                                                        eio::engine_query const& q, admission& a)
{
    session_ptr const s = begin_polling(q, a);
    co_await polling_.greet(c, q, s, open_packet(*s, transport_kind::polling));
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

// Sends the answer to the handshake and the open packet in one write, then starts the session,
// whose application may send more at once, and last reads what the client has sent already. The
// application may also end the session in start(), with its transport.
//
// Not a coroutine: in those of GCC 12, what is passed on by value is lost when the function that
// takes it throws.
void engine_endpoint::begin_websocket(arrival& from, admission& a, eio::engine_query const& q)
{
    intrusive_ptr<websocket_transport> const wire{
        new websocket_transport{context_, std::move(from.socket), std::move(from.place)}};
    session_ptr const s = make_session(wire, std::move(a), q);
    frame const opening = frame::text(open_packet(*s, transport_kind::websocket));
    if (!wire->greet(from.answer.append(websocket_bytes(opening)))) return;
    start(s);
    if (!s->ended()) wire->start(*s, early_bytes(from));
}

// A request of a session has to come over the transport that the session has, or as the WebSocket
// that wants to replace polling. Anything else gets 400, and the session goes on.
net::awaitable<void> engine_endpoint::serve_session(http_connection& c, eio::engine_query const& q,
                                                    session_ptr s)
{
    s->on_request();
    if (wants_websocket(c)) {
        if (q.transport == transport_kind::websocket) co_return co_await serve_upgrade(c, s);
    } else if (q.transport == s->wire().kind() && q.transport == transport_kind::polling) {
        co_return co_await polling_.serve(c, q, s);
    }
    co_await pages_.refuse(c, request_error::bad_request);
}

// Accepts the handshake before it asks whether the session can be upgraded; if it cannot, the
// WebSocket is closed again (docs/protocol.md, Engine.IO 4, Upgrade). Only the end of the handshake
// shows whether there is a WebSocket at all.
net::awaitable<void> engine_endpoint::serve_upgrade(http_connection& c, session_ptr s)
{
    if (!c.try_settle()) co_return co_await pages_.turn_away(c, http_refusal::too_many_connections);
    auto upgraded = co_await c.upgrade();
    if (upgraded) begin_upgrade(*upgraded, *s);
}

// If the session does not take the candidate, the last reference to it is dropped here, which
// closes the socket; polling goes on.
void engine_endpoint::begin_upgrade(arrival& from, eio::session& s)
{
    intrusive_ptr<websocket_transport> const wire{
        new websocket_transport{context_, std::move(from.socket), std::move(from.place)}};
    if (wire->greet(from.answer) && s.try_upgrade(wire))
        wire->start(s, early_bytes(from));  // else this closes the socket
}

}  // namespace notify
