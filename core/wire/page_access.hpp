// SPDX-License-Identifier: MIT
//
// Which pages may ask, and which may read the answer. Cookies travel by themselves,
// whatever page a request comes from: so only pages of allowed origins may have
// sessions that speak for a user, and read what they are answered (Fetch standard, CORS).
//
// One for each shard. Every answer of the Engine.IO endpoint goes out through it.
#pragma once

#include "http/http_connection.hpp"
#include "http/http_context.hpp"
#include "http/origin_policy.hpp"
#include "protocol/engine_query.hpp"

#include <string>

namespace notify {

// The page that a request comes from.
struct asking_page {
    bool is_script = false;   // a script (JSONP), which is read by whoever loads it
    bool is_foreign = false;  // of an origin that is not allowed, or of another site
    bool is_refused = false;  // it may not ask this
};

class page_access {
public:
    // REQUIRES: both outlive it.
    page_access(http_context& context, origin_policy const& origins)
        : context_{context}, origins_{origins}
    {
    }

    [[nodiscard]] asking_page page_of(http_connection const& c, eio::engine_query const& q) const;

    // The origin that may read the answer; "" if there is none, or it may not.
    [[nodiscard]] std::string reader_of(http_connection const& c) const;

    // Which peers are proxies whose word counts.
    [[nodiscard]] origin_policy const& origins() const { return origins_; }

    // Answers a preflight: a browser asks before it sends what an HTML form could not, such
    // as headers of a script's own.
    net::awaitable<void> serve_preflight(http_connection& c);

    // Sends an answer that the page may read. False if the client went or does not read.
    net::awaitable<bool> respond(http_connection& c, http_response response);

    // Answers with an error of Engine.IO, and counts it.
    net::awaitable<void> refuse(http_connection& c, eio::request_error e);
    // The same for a page that may not ask; the log says why.
    net::awaitable<void> refuse_origin(http_connection& c);
    // Answers one that may ask, when as many are served as can be.
    net::awaitable<void> turn_away(http_connection& c, http_refusal why);

private:
    [[nodiscard]] bool allows(http_connection const& c) const;

    http_context& context_;
    origin_policy const& origins_;
};

// Lets a page of this origin read the answer; none if it is empty.
[[nodiscard]] http_response readable(http_response response, std::string const& origin);

}  // namespace notify
