// SPDX-License-Identifier: MIT
#include "http/http_refusal.hpp"

#include <fmt/format.h>

#include <array>

namespace notify {

namespace {

// One row for each http_refusal, in the order of the enum. The last six have the texts of
// Engine.IO's reference server, though page_access answers them as JSON.
struct entry {
    std::string_view name;
    http_status status;
    std::string_view sentence;
};

constexpr std::array<entry, http_refusal_count> entries{{
    {"malformed", http_status::bad_request, "this is not HTTP"},
    {"bad_version", http_status::http_version_not_supported, "HTTP/1.1 is spoken here"},
    {"head_too_large", http_status::request_header_fields_too_large,
     "request line and headers are longer than accepted"},
    {"head_timeout", http_status::request_timeout, "request line and headers took too long"},
    {"body_too_large", http_status::payload_too_large, "the body is longer than accepted"},
    {"body_timeout", http_status::request_timeout, "the body took too long"},
    {"answer_timeout", http_status::request_timeout, "the answer is not read"},
    {"bad_host", http_status::bad_request, "exactly one Host is due, with a host name"},
    {"bad_framing", http_status::bad_request, "where the body ends cannot be told"},
    {"unknown_coding", http_status::not_implemented, "bodies may be chunked, and nothing else"},
    {"unknown_method", http_status::not_implemented, "this method is not known here"},
    {"bad_method", http_status::method_not_allowed, "this is for GET and HEAD"},
    {"nothing_here", http_status::not_found, "nothing is served here"},
    {"too_many_connections", http_status::service_unavailable,
     "as many are connected as are accepted; try again later"},
    {"too_many_sessions", http_status::service_unavailable,
     "as many sessions are open as are accepted; try again later"},
    {"too_much_kept", http_status::service_unavailable,
     "no more headers of sessions can be kept; try again later"},
    {"draining", http_status::service_unavailable,
     "this gateway is about to end; connect again for another one"},
    {"bad_handshake", http_status::bad_request, "this is not a WebSocket handshake"},
    {"upgrade_timeout", http_status::request_timeout, "the upgrade took too long"},
    {"unknown_transport", http_status::bad_request, "Transport unknown"},
    {"unknown_session", http_status::bad_request, "Session ID unknown"},
    {"bad_handshake_method", http_status::bad_request, "Bad handshake method"},
    {"bad_request", http_status::bad_request, "Bad request"},
    {"bad_origin", http_status::forbidden, "Forbidden"},
    {"unsupported_protocol", http_status::bad_request, "Unsupported protocol version"},
}};

entry const& entry_of(http_refusal r) { return entries.at(static_cast<std::size_t>(r)); }

}  // namespace

std::string_view name_of(http_refusal r) { return entry_of(r).name; }

http_status status_of(http_refusal r) { return entry_of(r).status; }

std::string sentence_of(http_refusal r)
{
    return fmt::format("{}: {}\n", entry_of(r).name, entry_of(r).sentence);
}

http_response answer_of(http_refusal r)
{
    http_response answer = make_answer(status_of(r), "text/plain; charset=UTF-8", sentence_of(r));
    if (r == http_refusal::bad_method) answer.set(http_field::allow, "GET, HEAD");
    if (r == http_refusal::draining) answer.set(http_field::retry_after, "1");
    return answer;
}

// As bytes, since a timer has no coroutine from which an answer could be written.
std::string raw_answer(http_refusal r)
{
    std::string const body = sentence_of(r);
    auto const status = status_of(r);
    auto const reason = boost::beast::http::obsolete_reason(status);
    return fmt::format("HTTP/1.1 {} {}\r\nConnection: close\r\n"
                       "Content-Type: text/plain; charset=UTF-8\r\nContent-Length: {}\r\n\r\n{}",
                       static_cast<unsigned>(status),
                       std::string_view{reason.data(), reason.size()}, body.size(), body);
}

http_refusal refusal_of(eio::request_error e)
{
    switch (e) {
    case eio::request_error::transport_unknown: return http_refusal::unknown_transport;
    case eio::request_error::session_unknown: return http_refusal::unknown_session;
    case eio::request_error::bad_handshake_method: return http_refusal::bad_handshake_method;
    case eio::request_error::bad_request: return http_refusal::bad_request;
    case eio::request_error::forbidden: return http_refusal::bad_origin;
    case eio::request_error::unsupported_version: return http_refusal::unsupported_protocol;
    }
    return http_refusal::bad_request;
}

}  // namespace notify
