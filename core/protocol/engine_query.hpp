// SPDX-License-Identifier: MIT
//
// What an Engine.IO request says of itself in its query, `EIO=4&transport=polling&sid=…`, and the
// answers to one that cannot be served (docs/protocol.md, Engine.IO 4).
//
// wire/engine_endpoint asks for it first of all, before it looks at the Origin, the method or the
// session. The codes, the words and the order of the checks are those of the reference server,
// which its clients know.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace notify::eio {

// The wire of a session.
enum class transport_kind : std::uint8_t { polling, websocket };

// The values are the codes in the body of the answer.
enum class request_error : std::uint8_t {
    transport_unknown = 0,
    session_unknown = 1,
    bad_handshake_method = 2,
    bad_request = 3,
    forbidden = 4,
    unsupported_version = 5,
};

// The name of an error as the clients know it, such as "Transport unknown".
[[nodiscard]] std::string_view message_of(request_error e);

// The JSON body of the answer: {"code":0,"message":"Transport unknown"}.
[[nodiscard]] std::string body_of(request_error e);

// Owns its texts: it may outlive the request.
struct engine_query {
    transport_kind transport = transport_kind::polling;
    std::string sid;      // as it came, of any length and content; empty: a handshake
    int version = 0;      // of the protocol: 3, 4, or 0 for any other or none
    bool base64 = false;  // `b64`, or JSONP: the client takes text only
    // JSONP polling: the number of the function to call, as digits; empty: none.
    std::string jsonp;
};

// Parses the query part of a target, without its `?`.
//
// A field of ours that is there twice is as wrong as an unknown value; an empty sid counts as none.
// The version is not refused here: only a handshake needs one, and other errors go first. Values
// are not decoded, since none of ours holds a character that anybody escapes. Other fields (such as
// `t`, against caches) are not looked at, whether they are well formed or not.
[[nodiscard]] boost::system::result<engine_query, request_error> parse_engine_query(
    std::string_view query);

}  // namespace notify::eio
