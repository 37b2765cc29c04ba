// SPDX-License-Identifier: MIT
#include "protocol/engine_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace notify::eio {

namespace {

struct field {
    int count = 0;
    std::string_view value;

    void take(std::string_view v)
    {
        ++count;
        value = v;
    }
};

// Takes the next `key=value` from the front of a query.
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

std::string body_of(request_error e)
{
    return fmt::format(R"({{"code":{},"message":"{}"}})", static_cast<int>(e), message_of(e));
}

boost::system::result<engine_query, request_error> parse_engine_query(std::string_view query)
{
    field transport, sid, version;
    while (!query.empty()) {
        auto const [key, value] = take_pair(query);
        if (key == "transport") transport.take(value);
        if (key == "sid") sid.take(value);
        if (key == "EIO") version.take(value);
    }

    engine_query q;
    if (transport.count != 1) return request_error::transport_unknown;
    if (transport.value == "websocket")
        q.transport = transport_kind::websocket;
    else if (transport.value != "polling")
        return request_error::transport_unknown;
    if (sid.count > 1) return request_error::session_unknown;
    q.sid = sid.value;
    q.version_ok = version.count == 1 && version.value == "4";
    return q;
}

}  // namespace notify::eio
