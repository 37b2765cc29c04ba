// SPDX-License-Identifier: MIT
//
// A connection between two places: a socket with what was already read from it.
// That is how a connection moves to the shard of its session, or from HTTP to a
// WebSocket. It belongs to no thread; whoever holds it may use it.
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
    unique_fd socket;
    quota_share place;  // among the process' connections, or its guests (capacity.hpp)
    net::ip::address remote;
    // A request whose head was read, or null: nothing was.
    std::unique_ptr<request_parser> request;
    // What was read after that head.
    boost::beast::flat_buffer buffer;
    // What the client must be told before anything else: the answer to its handshake.
    std::string answer;
};

}  // namespace notify
