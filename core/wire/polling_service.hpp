// SPDX-License-Identifier: MIT
//
// The requests of sessions over long-polling: a GET that waits for packets, a POST that brings some
// (docs/protocol.md, Engine.IO 4, Polling).
//
// engine_endpoint calls it once it knows the session. polling_transport has what a session sends
// and takes; here are the HTTP requests that carry it.
//
// Invariant: a client whose request was not answered as it should be loses its session. It has
// missed something, or cannot know whether it has, and Engine.IO has no way to ask again. A client
// without a session begins a new one and is told the state of things; one that goes on would miss
// it in silence.
//
// One for each shard.
#pragma once

#include "http/http_connection.hpp"
#include "protocol/engine_query.hpp"
#include "session/session.hpp"
#include "wire/page_access.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <cstddef>
#include <string>

namespace notify {

class polling_service {
public:
    using session_ptr = boost::intrusive_ptr<eio::session>;

    // max_payload: bytes of a POST's body; a longer one gets 413. REQUIRES: pages outlives this.
    polling_service(page_access& pages, std::size_t max_payload)
        : pages_{pages}, max_payload_{max_payload}
    {
    }

    // Answers the request that has begun s with its first packet (`0{"sid":…}`). If the client does
    // not take it, the session ends.
    net::awaitable<void> greet(http_connection& c, eio::engine_query const& q, session_ptr s,
                               std::string open_packet);

    // Serves a request of s. A GET is answered now or later, a POST when its body was read. A
    // second GET or POST beside one under way ends the session (overlapping_poll). REQUIRES: the
    // transport of s is polling.
    net::awaitable<void> serve(http_connection& c, eio::engine_query const& q, session_ptr s);

private:
    net::awaitable<void> serve_get(http_connection& c, eio::engine_query const& q, session_ptr s);
    net::awaitable<void> serve_post(http_connection& c, eio::engine_query const& q, session_ptr s);

    page_access& pages_;
    std::size_t const max_payload_;
};

}  // namespace notify
