// SPDX-License-Identifier: MIT
//
// The requests of sessions over long-polling: a GET that waits for packets, a POST that
// brings some (docs/protocol.md, Engine.IO 4).
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

    // max_payload: bytes of a POST. REQUIRES: pages outlives it.
    polling_service(page_access& pages, std::size_t max_payload)
        : pages_{pages}, max_payload_{max_payload}
    {
    }

    // Answers the request that has begun s with its first packet.
    net::awaitable<void> greet(http_connection& c, eio::engine_query const& q, session_ptr s,
                               std::string open_packet);

    // Serves a request of s, whose transport is polling.
    net::awaitable<void> serve(http_connection& c, eio::engine_query const& q, session_ptr s);

private:
    net::awaitable<void> serve_get(http_connection& c, eio::engine_query const& q, session_ptr s);
    net::awaitable<void> serve_post(http_connection& c, eio::engine_query const& q, session_ptr s);

    page_access& pages_;
    std::size_t const max_payload_;
};

}  // namespace notify
