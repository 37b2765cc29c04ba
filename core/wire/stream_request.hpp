// SPDX-License-Identifier: MIT
//
// What a request for a stream of events asks for (docs/protocol.md, Streams of events): in which
// form, who the client says it is, and after which event the stream is to begin.
//
// Plain values, and one pure function from the request's headers and query to what it asks, or to
// why it is refused. Whether the client is who it says is not looked at here.
#pragma once

#include "contract/event_block.hpp"
#include "contract/log_start.hpp"
#include "wire/stream_refusal.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace notify {

struct stream_request {
    stream_form form = stream_form::server_sent;
    // What the client had.
    log_start from{};
    // How it is known. At most one of the two; with neither, by the headers of its request.
    std::string token{};                // of an earlier stream (contract/stream_token)
    std::optional<std::string> uuid{};  // of a uuidCookie: anything that a client can send
};

// The parts of a request that count, as they came; "" for what is not there.
struct stream_question {
    std::string_view accept{};
    std::string_view last_event_id{};
    std::string_view authorization{};
    std::string_view query{};  // undecoded: last_event_id, since, recovery, uuid
    bool names_user = false;   // it has cookies or other headers that the web app may know
};

// Reads a request. now: microseconds since 1970, from which `since=10m` counts back.
//
// - Form: what Accept likes best; server-sent events if it likes both.
// - Start: Last-Event-ID, else ?last_event_id=, else ?since=. A browser that reconnects sends the
//   header with the query of its first request, so the header is newer.
// - Who: the token in that id, else ?recovery=, else `Authorization: Bearer <uuid>`, else ?uuid=,
//   else the request's own headers. A uuid works once, and a token is given to who has used one.
//
// Of several fields with one name the first counts; an empty last_event_id, since or recovery is
// none. What is not needed is not looked at.
[[nodiscard]] boost::system::result<stream_request, stream_refusal> read_stream_request(
    stream_question const& q, std::uint64_t now);

}  // namespace notify
