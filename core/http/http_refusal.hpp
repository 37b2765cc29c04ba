// SPDX-License-Identifier: MIT
//
// Why a request was refused, or its connection. The name is the same word in the
// log, in the counters and in the answer.
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
    body_too_large,        //
    body_timeout,          //
    answer_timeout,        // the client does not read; it gets no more of it
    bad_host,              // no Host, or more than one, or none that could be
    bad_framing,           // where the body ends cannot be told
    unknown_coding,        // of a body
    unknown_method,        //
    bad_method,            // not one of this path
    nothing_here,          // no such path
    too_many_connections,  // of one process
    too_many_sessions,     // of one process
    too_much_kept,         // of the requests that began its sessions
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

inline constexpr std::size_t http_refusal_count = 24;

[[nodiscard]] std::string_view name_of(http_refusal r);
[[nodiscard]] http_status status_of(http_refusal r);

// What people read: "head_too_large: the request's head is longer than accepted".
[[nodiscard]] std::string sentence_of(http_refusal r);

// The answer to a request that is refused so.
[[nodiscard]] http_response answer_of(http_refusal r);

// A whole answer, for where no request is being served: the connection ends with it.
[[nodiscard]] std::string raw_answer(http_refusal r);

[[nodiscard]] http_refusal refusal_of(eio::request_error e);

}  // namespace notify
