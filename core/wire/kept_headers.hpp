// SPDX-License-Identifier: MIT
//
// Which headers of the request that begins a session are kept, to be given to the web
// app when it is asked who that is. Sites bind a session to more than its cookie, and
// end one that another browser uses: so the web app is asked as that browser.
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

// Names of headers that are kept besides the usual ones, as they were spelled.
using header_names = std::vector<std::string>;

// Refuses what is no name of a header, and those that belong to a connection, to a
// body or to the question itself.
[[nodiscard]] result<std::string> parse_header_name(std::string_view text);

// True if a request has a header that says whose it is: Cookie, Authorization, or one
// of more. Browsers and proxies add these to what any site's page asks for.
[[nodiscard]] bool names_user(boost::beast::http::fields const& request, header_names const& more);

// Keeps Cookie (several lines are one list: RFC 9113 section 8.2.3), Authorization,
// User-Agent, Accept-Language and those of more, as they came, and X-Forwarded-For,
// -Host and -Proto as client_behind() has them. Nothing of a request that names nobody.
[[nodiscard]] eio::handshake kept_headers(boost::beast::http::fields const& request,
                                          boost::asio::ip::address const& peer,
                                          origin_policy const& proxies, header_names const& more);

}  // namespace notify
