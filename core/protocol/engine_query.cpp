// SPDX-License-Identifier: MIT
#include "protocol/engine_query.hpp"

#include <boost/url/parse_query.hpp>
#include <fmt/format.h>

#include <optional>

namespace notify::eio {

namespace {

namespace urls = boost::urls;

struct field {
    int count = 0;
    std::string value;

    void take(urls::param_pct_view const& p)
    {
        ++count;
        value = p.value.decode();
    }
};

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
    auto const parsed = urls::parse_query(query);
    if (!parsed) return request_error::bad_request;

    field transport, sid, version;
    for (auto const& p : *parsed) {
        if (p.key == "transport") transport.take(p);
        if (p.key == "sid") sid.take(p);
        if (p.key == "EIO") version.take(p);
    }

    engine_query q;
    if (transport.count != 1) return request_error::transport_unknown;
    if (transport.value == "websocket")
        q.transport = transport_kind::websocket;
    else if (transport.value != "polling")
        return request_error::transport_unknown;
    if (sid.count > 1 || (sid.count == 1 && sid.value.empty()))
        return request_error::session_unknown;
    q.sid = std::move(sid.value);
    q.version_ok = version.count == 1 && version.value == "4";
    return q;
}

}  // namespace notify::eio
