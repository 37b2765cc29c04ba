// SPDX-License-Identifier: MIT
//
// The HTTP vocabulary (RFC 9110) for the rooms above, which need not know that
// it is Beast's.
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

// An answer with the headers that all have: it is not to be stored by anybody.
[[nodiscard]] http_response make_answer(http_status status, std::string_view content_type,
                                        std::string body);

}  // namespace notify
