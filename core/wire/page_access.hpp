// SPDX-License-Identifier: MIT
//
// Which pages may ask, and which may read the answer.
//
// Browsers send a site's cookies whatever page a request comes from. So only pages of allowed
// origins (http/origin_policy) may have sessions that speak for a user, and read what they are
// answered (CORS, Fetch standard). This type brings three things together that each tell a part of
// the story: Origin, Sec-Fetch-Site, and whether the request names a user. docs/protocol.md, HTTP,
// has the rules.
//
// Answers of the Engine.IO endpoint get their headers of CORS here, and so do its refusals: a
// page whose library cannot read why it was refused reports a network error.
//
// One for each shard; its state is the counters and the newest refusal in http_context.
#pragma once

#include "http/http_connection.hpp"
#include "http/http_context.hpp"
#include "http/origin_policy.hpp"
#include "protocol/engine_query.hpp"

#include <string>

namespace notify {

// What is known of the page that a request comes from.
struct asking_page {
    // It loads the answer as a script (JSONP), which whoever loads it can read. So a session that
    // speaks for a user is never a script's.
    bool is_script = false;
    bool is_foreign = false;  // of an origin that is not allowed, or of another site
    bool is_refused = false;  // it may not ask this
};

class page_access {
public:
    // REQUIRES: both outlive this.
    page_access(http_context& context, origin_policy const& origins)
        : context_{context}, origins_{origins}
    {
    }

    // Judges the page that a request comes from. q: the request's query, for its transport and
    // JSONP. Counts and answers nothing.
    [[nodiscard]] asking_page page_of(http_connection const& c, eio::engine_query const& q) const;

    // Returns the origin that may read the answer; "" if the request names none, or it may not.
    [[nodiscard]] std::string reader_of(http_connection const& c) const;

    // The policy, which also knows the peers that are proxies whose word counts.
    [[nodiscard]] origin_policy const& origins() const { return origins_; }

    // Answers a preflight (OPTIONS), by which a browser asks before it sends what an HTML form
    // could not send, such as headers of a script's own. A page that may not ask is refused with
    // 403.
    net::awaitable<void> serve_preflight(http_connection& c);

    // Sends an answer, which the page may read if it is allowed. False if the client went or does
    // not read.
    net::awaitable<bool> respond(http_connection& c, http_response response);

    // Answers with an error of Engine.IO, as the JSON that its clients know, and counts it.
    net::awaitable<void> refuse(http_connection& c, eio::request_error e);
    // The same for a page that may not ask (403). Keeps for the log what it was compared with.
    net::awaitable<void> refuse_origin(http_connection& c);
    // Answers a page that may ask, while as many are served as can be (503, as text).
    net::awaitable<void> turn_away(http_connection& c, http_refusal why);

private:
    // True if the request has at most one Origin, and the policy lets that in.
    [[nodiscard]] bool allows(http_connection const& c) const;

    http_context& context_;
    origin_policy const& origins_;
};

// Adds the headers of CORS by which a page of this origin may read the answer, with cookies. Adds
// nothing if origin is empty. `Vary: Origin` keeps a cache from giving one page's answer to
// another.
[[nodiscard]] http_response readable(http_response response, std::string const& origin);

}  // namespace notify
