// SPDX-License-Identifier: MIT
#include "http/websocket_handshake.hpp"

#include "http/field_value.hpp"
#include "http/http_refusal.hpp"
#include "protocol/websocket_accept.hpp"

#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
#include <cstddef>

namespace notify {

namespace {

namespace http = boost::beast::http;
using request = request_parser::value_type;

// True for the base64 of 16 bytes, as Sec-WebSocket-Key must be (RFC 6455 section 4.1).
bool is_key(std::string_view key)
{
    auto const digit = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '+' || c == '/';
    };
    return key.size() == 24 && key.ends_with("==") &&
           std::all_of(key.begin(), key.end() - 2, digit);
}

// The first of a list of tokens; nothing if there is anything else in it.
std::optional<std::string_view> first_token(std::string_view list)
{
    std::optional<std::string_view> first;
    for (bool more = true; more;) {
        std::size_t const comma = list.find(',');
        more = comma != list.npos;
        std::string_view const token = first_of_list(list);
        if (!is_token(token)) return std::nullopt;
        if (!first) first = token;
        if (more) list.remove_prefix(comma + 1);
    }
    return first;
}

}  // namespace

std::optional<std::string_view> offered_subprotocol(request const& r)
{
    std::optional<std::string_view> first;
    auto const [begin, end] = r.equal_range(http::field::sec_websocket_protocol);
    for (auto line = begin; line != end; ++line) {
        auto const token = first_token(line->value());
        if (!token) return std::nullopt;
        if (!first) first = token;
    }
    return first.value_or("");
}

bool is_handshake(request const& r)
{
    std::string_view const length = r[http::field::content_length];
    bool const has_body =
        r.count(http::field::transfer_encoding) > 0 || length.find_first_not_of('0') != length.npos;
    return boost::beast::websocket::is_upgrade(r) && r.version() == 11 && !has_body &&
           r.count(http::field::sec_websocket_key) == 1 &&
           is_key(r[http::field::sec_websocket_key]) &&
           r.count(http::field::sec_websocket_version) == 1 && offered_subprotocol(r);
}

// Written by hand: a handful of fixed lines, and one of them per WebSocket.
std::string answer_to_handshake(request const& r)
{
    std::string answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\nServer: notify\r\nSec-WebSocket-Accept: " +
                         ws::accept_for(r[http::field::sec_websocket_key]) + "\r\n";
    // Browsers give up a WebSocket whose server picks none of what they offered.
    if (auto const picked = offered_subprotocol(r).value_or(""); !picked.empty())
        answer.append("Sec-WebSocket-Protocol: ").append(picked).append("\r\n");
    return answer += "\r\n";
}

http_response answer_to_bad_handshake(request const& r)
{
    http_response answer = answer_of(http_refusal::bad_handshake);
    if (!is_handshake(r)) return answer;
    answer.result(http_status::upgrade_required);
    answer.set(http::field::sec_websocket_version, "13");
    return answer;
}

}  // namespace notify
