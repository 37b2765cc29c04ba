// SPDX-License-Identifier: MIT
//
// Why a request, or its connection, was refused. Each reason has one name, which is the same word
// in the log, in the counters of /healthz and in the answer, so that an operator who sees one of
// them can search for the others. docs/protocol.md, HTTP, lists them with what they mean.
//
// http_connection and the services refuse; http_context::refused counts. A new reason needs its row
// in http_refusal.cpp, the count below, and the docs.
#pragma once

#include "http/http_message.hpp"
#include "protocol/engine_query.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

enum class http_refusal : std::uint8_t {
    malformed,             // not HTTP (RFC 9112)
    bad_version,           // HTTP, but not 1.x
    head_too_large,        // request line and headers
    head_timeout,          // they did not come in time
    body_too_large,        // announced, or read
    body_timeout,          // it did not come in time
    answer_timeout,        // the client does not read; it gets no more of it
    bad_host,              // no Host, or more than one, or none that could be
    bad_framing,           // where the body ends cannot be told
    unknown_coding,        // of a body
    unknown_method,        // to the parser
    bad_method,            // not one of this path
    nothing_here,          // no such path
    too_many_connections,  // of one process
    too_many_sessions,     // of one process
    too_much_kept,         // of the requests that began its sessions
    draining,              // new sessions, by a process that is about to end
    bad_handshake,         // of a WebSocket (RFC 6455 section 4.2)
    upgrade_timeout,       // a session's WebSocket was not upgraded to; polling goes on
    // Engine.IO's own, with the answers that its clients know (engine_query.hpp).
    unknown_transport,
    unknown_session,
    bad_handshake_method,
    bad_request,
    bad_origin,
    unsupported_protocol,
};

inline constexpr std::size_t http_refusal_count =
    static_cast<std::size_t>(http_refusal::unsupported_protocol) + 1;

// The name, such as "head_too_large"; a literal.
[[nodiscard]] std::string_view name_of(http_refusal r);
[[nodiscard]] http_status status_of(http_refusal r);

// What people read, name, sentence and line feed: "nothing_here: nothing is served here".
[[nodiscard]] std::string sentence_of(http_refusal r);

// The answer to a request that is refused so: the status, and the sentence as text. Counts nothing.
[[nodiscard]] http_response answer_of(http_refusal r);

// The same as the bytes of a whole answer that ends the connection. For a timer that finds a client
// late, which cannot wait and has no request to answer.
[[nodiscard]] std::string raw_answer(http_refusal r);

// Returns the reason for an error of Engine.IO's table, whose answer has another form
// (wire/page_access).
[[nodiscard]] http_refusal refusal_of(eio::request_error e);

}  // namespace notify
