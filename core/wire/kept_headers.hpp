// SPDX-License-Identifier: MIT
//
// Which headers of the request that begins a session are kept, to be given to the web app when it
// is asked who the user is (docs/protocol.md, The web app).
//
// The cookie alone would not do. Sites bind a session to the browser's User-Agent or address and
// end one that another browser uses, and some redirect what did not come by https. So the web app
// is asked as that browser, through that proxy.
//
// engine_endpoint calls it in a handshake; the result lives as long as the session. Hundreds of
// thousands of sessions may be idle, so nothing is kept of a request that names nobody, and what is
// kept counts against --max-kept-headers.
//
// The result is sent to the web app byte for byte. That no value holds a line's end is checked
// here, since a client that could smuggle one in could write headers of its own, X-Forwarded-For
// included.
#pragma once

#include "base/result.hpp"
#include "http/origin_policy.hpp"
#include "session/handshake.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/http/fields.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace notify {

// Names of headers that are kept besides the usual ones (--web-app-header), as the option spelled
// them; they are sent to the web app so.
using header_names = std::vector<std::string>;

// Reads a name for header_names. Refuses what is no name of a header (RFC 9110 section 5.1), and
// those that belong to a connection, to a body or to the question itself, such as Host: two of them
// would contradict each other. The error is a sentence.
[[nodiscard]] result<std::string> parse_header_name(std::string_view text);

// True if a request has a header that says whose it is: Cookie, Authorization, or one of `more`.
// Browsers and proxies add these to requests by the page of any site; so a request that has one
// speaks for a user, and page_access looks at where it comes from.
[[nodiscard]] bool names_user(boost::beast::http::fields const& request, header_names const& more);

// Returns what is kept of a request. Of one that names nobody: nothing. Otherwise Cookie (several
// lines are one list: RFC 9113 section 8.2.3), Authorization, User-Agent, Accept-Language and those
// of `more`, as they came, and X-Forwarded-For, -Host and -Proto as client_behind() has them.
// Headers that only a proxy can know, such as X-Real-IP, count in `more` if the peer is a trusted
// one. Throws std::bad_alloc.
[[nodiscard]] eio::handshake kept_headers(boost::beast::http::fields const& request,
                                          boost::asio::ip::address const& peer,
                                          origin_policy const& proxies, header_names const& more);

}  // namespace notify
