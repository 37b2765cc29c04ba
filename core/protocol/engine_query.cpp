// SPDX-License-Identifier: MIT
#include "protocol/engine_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace notify::eio {

namespace {

// One field of the query: how often it is there, and its last value.
struct field {
    int count = 0;
    std::string_view value;

    void take(std::string_view v)
    {
        ++count;
        value = v;
    }
};

// Returns the protocol's version, 0 for one that is not served. Compared as text: `04`, `4.0` or
// two of them are none.
int version_of(field const& f)
{
    if (f.count != 1) return 0;
    return f.value == "4" ? 4 : f.value == "3" ? 3 : 0;
}

// True for the `j` that a JSONP client sends. It becomes a part of the script that the client's
// page runs, `___eio[<j>](…)`. Anything but digits could be a script of whoever made the link.
bool is_function_number(std::string_view text)
{
    return !text.empty() && text.size() <= 10 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Takes the next `key=value` from the front of a query, with its `&`. A pair without `=` is a key
// with an empty value.
std::pair<std::string_view, std::string_view> take_pair(std::string_view& query)
{
    std::string_view const pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    std::size_t const key = std::min(pair.find('='), pair.size());
    return {pair.substr(0, key), pair.substr(std::min(key + 1, pair.size()))};
}

}  // namespace

std::string_view message_of(request_error e)
{
    switch (e) {
    case request_error::transport_unknown: return "Transport unknown";
    case request_error::session_unknown: return "Session ID unknown";
    case request_error::bad_handshake_method: return "Bad handshake method";
    case request_error::bad_request: return "Bad request";
    case request_error::forbidden: return "Forbidden";
    case request_error::unsupported_version: return "Unsupported protocol version";
    }
    return "Bad request";
}

// Nothing needs an escape: code and words are our own, and nothing of the request is repeated.
std::string body_of(request_error e)
{
    return fmt::format(R"({{"code":{},"message":"{}"}})", static_cast<int>(e), message_of(e));
}

boost::system::result<engine_query, request_error> parse_engine_query(std::string_view query)
{
    field transport, sid, version, base64, jsonp;
    while (!query.empty()) {
        auto const [key, value] = take_pair(query);
        if (key == "transport") transport.take(value);
        if (key == "sid") sid.take(value);
        if (key == "EIO") version.take(value);
        if (key == "b64") base64.take(value);
        if (key == "j") jsonp.take(value);
    }

    // The order is that of the table in docs/protocol.md, Engine.IO 4.
    engine_query q;
    if (transport.count != 1) return request_error::transport_unknown;
    if (transport.value == "websocket")
        q.transport = transport_kind::websocket;
    else if (transport.value != "polling")
        return request_error::transport_unknown;
    if (sid.count > 1) return request_error::session_unknown;
    q.sid = sid.value;
    q.version = version_of(version);
    if (jsonp.count > 0) {
        bool const usable = jsonp.count == 1 && is_function_number(jsonp.value);
        if (!usable || q.transport != transport_kind::polling) return request_error::bad_request;
        q.jsonp = jsonp.value;
    }
    q.base64 = base64.count > 0 || jsonp.count > 0;  // whatever their values: clients send b64=1
    return q;
}

}  // namespace notify::eio
