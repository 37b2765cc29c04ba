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

// True if a page of another site loads this as an image, a frame or a script. Such a request has no
// Origin, but the cookies of whoever visits the page. Browsers say so in Sec-Fetch-Site (W3C, Fetch
// Metadata Request Headers). `same-site` is a sibling host, which is another origin too. Clients
// that send no such header are not browsers, or old ones, and are let in.
bool is_loaded_by_foreigner(http_connection const& c)
{
    if (!c.header(http::field::origin).empty()) return false;
    std::string_view const from = c.request()["Sec-Fetch-Site"];
    return from == "cross-site" || from == "same-site";
}

// A view into the request. X-Forwarded-Host counts only if there is one: of two, one may be the
// proxy's and the other its client's, and nobody can tell which.
page_claim claim_of(http_connection const& c)
{
    auto const& r = c.request();
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

// Two Origin headers are none that may ask: a proxy and we might each believe another one.
bool page_access::allows(http_connection const& c) const
{
    return c.request().count(http::field::origin) <= 1 && origins_.allows(claim_of(c), c.remote());
}

asking_page page_access::page_of(http_connection const& c, eio::engine_query const& q) const
{
    // A WebSocket counts as if it spoke for a user, since browsers do not apply CORS to it: any
    // page may read what comes.
    bool const speaks_for_user = q.transport == eio::transport_kind::websocket ||
                                 names_user(c.request(), context_.options.more_headers);
    asking_page page;
    // A script never speaks for a user: nothing is kept of its request.
    page.is_script = !q.jsonp.empty();
    // Its Origin says that it is another site's. A script has none as a rule.
    bool const is_named = !c.header(http::field::origin).empty() && !allows(c);
    page.is_foreign = is_named || (is_loaded_by_foreigner(c) && !page.is_script);
    // A page that could not read the answer is refused even without cookies. With a 200 that nobody
    // may read, its library would see a network error, and the log would have nothing to say.
    page.is_refused = (speaks_for_user && page.is_foreign) || (is_named && !page.is_script);
    return page;
}

std::string page_access::reader_of(http_connection const& c) const
{
    return allows(c) ? std::string{c.header(http::field::origin)} : std::string{};
}

// Allows whatever headers the page asks for: none of them gives rights, Origin and cookies do. A
// request without an Origin is no preflight, but OPTIONS all the same; it gets a 204 without CORS.
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

// Only the newest refusal is kept for the log, which has a line a second at most: a page of another
// site that tries in a loop must not fill the disk.
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
