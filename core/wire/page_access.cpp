// SPDX-License-Identifier: MIT
#include "wire/page_access.hpp"

#include "wire/kept_headers.hpp"

#include <boost/beast/http/field.hpp>

#include <tuple>
#include <utility>

namespace notify {

namespace http = boost::beast::http;
using eio::request_error;

namespace {

constexpr char plain_text[] = "text/plain; charset=UTF-8";

// What a page loads as an image or a script is asked for without an Origin, and
// with the cookies of whoever visits the page. Browsers say so in Sec-Fetch-Site
// (Fetch Metadata Request Headers); of a client of the site's own it is not true.
bool is_loaded_by_foreigner(http_connection const& c)
{
    if (!c.header(http::field::origin).empty()) return false;
    std::string_view const from = c.request()["Sec-Fetch-Site"];
    return from == "cross-site" || from == "same-site";
}

page_claim claim_of(http_connection const& c)
{
    auto const& r = c.request();
    // One by the proxy, the other by whoever it serves?
    bool const is_sure = r.count("X-Forwarded-Host") == 1;
    return {r[http::field::origin], r[http::field::host], is_sure ? r["X-Forwarded-Host"] : "",
            r["X-Forwarded-Proto"]};
}

}  // namespace

http_response readable(http_response response, std::string const& origin)
{
    if (origin.empty()) return response;
    response.set(http::field::access_control_allow_origin, origin);
    response.set(http::field::access_control_allow_credentials, "true");
    response.set(http::field::vary, "Origin");
    return response;
}

bool page_access::allows(http_connection const& c) const
{
    return c.request().count(http::field::origin) <= 1 && origins_.allows(claim_of(c), c.remote());
}

asking_page page_access::page_of(http_connection const& c, eio::engine_query const& q) const
{
    // WebSockets know no CORS: there, too, the page must be one that may speak for the user.
    bool const speaks_for_user = q.transport == eio::transport_kind::websocket ||
                                 names_user(c.request(), context_.options.more_headers);
    asking_page page;
    // A script never speaks for a user: nothing is kept of its request.
    page.is_script = !q.jsonp.empty();
    bool const is_named = !c.header(http::field::origin).empty() && !allows(c);
    page.is_foreign = is_named || (is_loaded_by_foreigner(c) && !page.is_script);
    // A page that could not read the answer is refused, cookies or not: its library
    // says so then, and so does the log.
    page.is_refused = (speaks_for_user && page.is_foreign) || (is_named && !page.is_script);
    return page;
}

std::string page_access::reader_of(http_connection const& c) const
{
    return allows(c) ? std::string{c.header(http::field::origin)} : std::string{};
}

net::awaitable<void> page_access::serve_preflight(http_connection& c)
{
    if (!allows(c)) co_return co_await refuse_origin(c);
    http_response response = c.answer(http::status::no_content, plain_text, "");
    std::string const origin = reader_of(c);
    if (!origin.empty()) {
        response.set(http::field::access_control_allow_methods, "GET, POST");
        response.set(http::field::access_control_allow_headers,
                     c.header(http::field::access_control_request_headers));
    }
    std::ignore = co_await c.respond(readable(std::move(response), origin));
}

net::awaitable<bool> page_access::respond(http_connection& c, http_response response)
{
    co_return co_await c.respond(readable(std::move(response), reader_of(c)));
}

net::awaitable<void> page_access::refuse(http_connection& c, request_error e)
{
    http_refusal const why = refusal_of(e);
    context_.refused.add(why);
    co_await respond(c, c.answer(status_of(why), "application/json", eio::body_of(e)));
}

net::awaitable<void> page_access::refuse_origin(http_connection& c)
{
    page_claim const page = claim_of(c);
    context_.newest_bad_origin =
        page.origin.empty() ? "" : origins_.reason_to_refuse(page, c.remote());
    co_await refuse(c, request_error::forbidden);
}

net::awaitable<void> page_access::turn_away(http_connection& c, http_refusal why)
{
    context_.refused.add(why);
    co_await respond(c, answer_of(why));
}

}  // namespace notify
