// SPDX-License-Identifier: MIT
//
// A client's connection while it moves: the socket, and what was already read from it.
//
// A connection moves three times at most: from the listener to its http_connection, from there to
// the shard that the session's id names (http_context::hand_over, engine_server::adopt), and from
// HTTP to a WebSocket (http_connection::upgrade). Bytes that were read must move too: a client may
// send the first frames together with its handshake, and the kernel gives no byte twice.
//
// Plain data that is owned by one holder at a time. It refers to no event loop, which is why the
// socket is a bare descriptor and not Asio's: it may be passed to another thread.
#pragma once

#include "base/net.hpp"
#include "base/quota.hpp"
#include "base/unique_fd.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <memory>
#include <string>

namespace notify {

using request_parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

struct arrival {
    unique_fd socket;         // connected, does not block
    quota_share place;        // among the process' connections, or its guests (capacity.hpp)
    net::ip::address remote;  // the peer, which may be a proxy
    // The request whose head was read, with as much of its body as was parsed. Null: none was.
    std::unique_ptr<request_parser> request;
    // Bytes that were read after that head and are not parsed yet.
    boost::beast::flat_buffer buffer;
    // The answer to a WebSocket handshake, not sent yet; empty otherwise. Whoever takes the socket
    // sends it before anything else.
    std::string answer;
};

}  // namespace notify
