// SPDX-License-Identifier: MIT
//
// The HTTP vocabulary (RFC 9110) for the rooms above, whose services answer requests without naming
// Beast.
#pragma once

#include <boost/beast/http/field.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/verb.hpp>

#include <string>
#include <string_view>

namespace notify {

using http_status = boost::beast::http::status;
using http_field = boost::beast::http::field;
using http_verb = boost::beast::http::verb;
using http_response = boost::beast::http::response<boost::beast::http::string_body>;

// Makes an answer of HTTP/1.1 with the headers that all have: Content-Type, and `Cache-Control:
// no-store`, since what is answered here is about one user or one moment. Length and Connection are
// set when it is sent (http_connection). Throws std::bad_alloc.
[[nodiscard]] http_response make_answer(http_status status, std::string_view content_type,
                                        std::string body);

}  // namespace notify
