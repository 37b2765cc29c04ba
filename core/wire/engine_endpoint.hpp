// SPDX-License-Identifier: MIT
//
// Engine.IO over HTTP: handshakes, polling requests and WebSocket upgrades under one path
// (docs/protocol.md, Engine.IO 4 and Engine.IO 3), for any application that accepts sessions.
//
// It decides what a request is, and in which order it may be refused:
//
//     no sid                  a handshake: a session begins, over polling or a WebSocket
//     sid of another shard    the connection moves there (shard_id.hpp)
//     sid, Upgrade            a WebSocket that wants to take over from polling
//     sid, polling            a GET or a POST of the session (polling_service.hpp)
//
// page_access says which pages may ask; the limits of the process say whether there is room.
//
// One for each shard, called by http_connection. A request that arrives on the wrong shard moves
// with its socket before it touches a session, so sessions need no lock.
#pragma once

#include "http/http_context.hpp"
#include "http/http_service.hpp"
#include "protocol/engine_query.hpp"
#include "session/handshake.hpp"
#include "session/session_context.hpp"
#include "wire/page_access.hpp"
#include "wire/polling_service.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <memory>
#include <optional>

namespace notify {

class engine_endpoint final : public http_service {
public:
    // application gives each new session its handler. REQUIRES: all four outlive the endpoint.
    engine_endpoint(http_context& context, eio::session_context& sessions,
                    eio::session_acceptor& application, origin_policy const& origins)
        : context_{context},
          sessions_{sessions},
          application_{application},
          pages_{context, origins},
          polling_{pages_, sessions.options.max_payload}
    {
    }

    // See http_service. What an application throws while a session begins ends that session and the
    // connection, and leaves nothing in the table.
    net::awaitable<void> serve(http_connection& c) override;

private:
    using session_ptr = boost::intrusive_ptr<eio::session>;

    // What a session needs before it may begin. Given back when this is destroyed, unless a session
    // has taken it over.
    struct admission {
        quota_share place;                        // among the process' sessions
        std::unique_ptr<eio::handshake> request;  // what is kept of it, or null
    };

    net::awaitable<void> serve_handshake(http_connection& c, eio::engine_query const& q);
    net::awaitable<void> serve_session(http_connection& c, eio::engine_query const& q,
                                       session_ptr s);
    net::awaitable<void> serve_new_polling(http_connection& c, eio::engine_query const& q,
                                           admission& a);
    net::awaitable<void> serve_new_websocket(http_connection& c, eio::engine_query const& q,
                                             admission& a);
    net::awaitable<void> serve_upgrade(http_connection& c, session_ptr s);

    // Fills a, or returns why a session may not begin now: the connection is a guest and finds no
    // place, or one of --max-sessions and --max-kept-headers is reached.
    [[nodiscard]] std::optional<http_refusal> admit(http_connection& c, eio::engine_query const& q,
                                                    admission& a) const;
    // The begin_… functions do all that may throw halfway, and await nothing.
    [[nodiscard]] session_ptr begin_polling(eio::engine_query const& q, admission& a);
    void begin_websocket(arrival& from, admission& a, eio::engine_query const& q);
    void begin_upgrade(arrival& from, eio::session& s);
    [[nodiscard]] std::unique_ptr<eio::handshake> kept_of(http_connection const& c,
                                                          eio::engine_query const& q) const;
    void start(session_ptr const& s);
    [[nodiscard]] session_ptr make_session(boost::intrusive_ptr<eio::transport> wire, admission a,
                                           eio::engine_query const& q);

    http_context& context_;
    eio::session_context& sessions_;
    eio::session_acceptor& application_;
    page_access pages_;
    polling_service polling_;
};

}  // namespace notify
