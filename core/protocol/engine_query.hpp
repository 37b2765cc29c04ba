// SPDX-License-Identifier: MIT
//
// What an Engine.IO request says of itself in its query, and the answers to one
// that cannot be served (the error table of the reference server).
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace notify::eio {

// The wire of a session.
enum class transport_kind : std::uint8_t { polling, websocket };

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

struct engine_query {
    transport_kind transport = transport_kind::polling;
    std::string sid;      // empty: a handshake
    int version = 0;      // of the protocol: 3, 4, or 0 for any other or none
    bool base64 = false;  // `b64`, or JSONP: the client takes text only
    // JSONP polling: the number of the function to call, as digits; empty: none.
    std::string jsonp;
};

// Parses the query part of a target, without its `?`. A field that is there
// twice is as wrong as an unknown value; an empty sid is none. Nothing is
// decoded, since no value of ours holds what anybody escapes; what strangers put
// into other fields, well-formed or not, is theirs.
[[nodiscard]] boost::system::result<engine_query, request_error> parse_engine_query(
    std::string_view query);

}  // namespace notify::eio
