// SPDX-License-Identifier: MIT
#include "client/websocket_handshake.hpp"

#include "base/base64.hpp"
#include "base/quoted.hpp"
#include "base/random.hpp"
#include "protocol/websocket_accept.hpp"

#include <boost/beast/http/rfc7230.hpp>
#include <fmt/format.h>

#include <array>

namespace notify {

namespace {

namespace http = boost::beast::http;

std::string_view field(handshake_response const& response, http::field name)
{
    auto const value = response[name];
    return {value.data(), value.size()};
}

// True if a header that is a list of words has that word, in capitals or not. Proxies add to
// Connection ("keep-alive, Upgrade"), so the whole value is not compared.
bool has_word(handshake_response const& response, http::field name, std::string_view word)
{
    return http::token_list{response[name]}.exists({word.data(), word.size()});
}

// Returns what an answer other than 101 usually means, for a person who wanted to watch; "" if
// there is nothing to add to the status. Redirects are not followed: the cookies would go to a host
// that the user has not named.
std::string explain(handshake_response const& response)
{
    auto const status = response.result_int();
    auto const location = field(response, http::field::location);
    if (status >= 300 && status < 400 && !location.empty())
        return fmt::format("the site has moved to {}: use that URL", in_quotes(location, 200));
    if (status == 404) return "is this the URL of a notify-gateway?";
    if (status >= 502 && status <= 504) return "is the gateway behind this server running?";
    // The gateway's own refusals are a line of text or JSON. An HTML page, as proxies send it,
    // tells a person at a terminal less than the status does.
    bool const readable = !field(response, http::field::content_type).starts_with("text/html");
    return readable && !response.body().empty() ? in_quotes(response.body(), 200) : "";
}

// The reason phrase is the server's own text, so it is escaped.
error refused(handshake_response const& response)
{
    auto const why = explain(response);
    std::string reason;
    append_escaped(reason, {response.reason().data(), response.reason().size()});
    return error{fmt::format("the gateway answered {} {}{}{}", response.result_int(), reason,
                             why.empty() ? "" : ": ", why)};
}

}  // namespace

std::string make_websocket_key()
{
    std::array<std::uint8_t, 16> bytes;
    fill_random(bytes);
    std::string key;
    append_base64(key, {reinterpret_cast<char const*>(bytes.data()), bytes.size()});
    return key;
}

handshake_request make_handshake(gateway_url const& url, std::string_view key,
                                 std::string_view cookie)
{
    handshake_request request{http::verb::get, url.target, 11};
    request.set(http::field::host, url.host);
    request.set(http::field::user_agent, "notify-watch");
    request.set(http::field::upgrade, "websocket");
    request.set(http::field::connection, "Upgrade");
    request.set(http::field::sec_websocket_key, key);
    request.set(http::field::sec_websocket_version, "13");
    if (!cookie.empty()) request.set(http::field::cookie, cookie);
    return request;
}

// The six conditions of RFC 6455 section 4.1 for the response.
result<void> check_handshake(handshake_response const& response, std::string_view key)
{
    if (response.result_int() != 101) return refused(response);
    if (!has_word(response, http::field::connection, "upgrade") ||
        !has_word(response, http::field::upgrade, "websocket"))
        return error{"the answer switches to something that is not WebSocket"};
    if (field(response, http::field::sec_websocket_accept) != ws::accept_for(key))
        return error{"the answer is not one to this request (Sec-WebSocket-Accept is wrong)"};
    // None were offered. With an extension such as permessage-deflate each frame would be misread.
    if (!field(response, http::field::sec_websocket_extensions).empty() ||
        !field(response, http::field::sec_websocket_protocol).empty())
        return error{"the answer has a WebSocket extension or subprotocol that was not asked for"};
    return {};
}

}  // namespace notify
