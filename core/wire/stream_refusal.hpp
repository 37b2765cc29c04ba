// SPDX-License-Identifier: MIT
//
// Why a request for a stream of events is refused, and the answer that says so (docs/protocol.md,
// Streams of events):
//
//     HTTP/1.1 401 Unauthorized
//     {"type":"error","code":"USERID_IS_NULL","message":"nobody has this uuid"}
//
// The object is that of the event `internal`. A browser's EventSource gives up after any answer but
// 200, and its page hears `error` without the reason. Other clients read it.
//
// A plain value and pure functions; any thread may use them.
#pragma once

#include "http/http_message.hpp"

#include <string>
#include <string_view>

namespace notify {

struct stream_refusal {
    http_status status;
    std::string_view code;  // for programs; lives as long as the program
    std::string message;    // one sentence for people, without secrets
};

// Returns the JSON object.
[[nodiscard]] std::string body_of(stream_refusal const& why);

// Returns the whole answer, with the headers that belong to its status: how to say who one is
// (401), which methods there are (405), and when to try again (429, 503).
[[nodiscard]] http_response answer_of(stream_refusal const& why);

}  // namespace notify
