// SPDX-License-Identifier: MIT
//
// Asks one URL again and again: GET over a few kept-alive connections, in the
// turns that a request_pacer gives. The deadline of a request begins with its
// turn, so that a crowd waits longer instead of being turned away.
//
// Belongs to one shard.
//
// Invariant: an answer belongs to the request before it. A connection on which
// anything came unasked, or late, is not used again.
#pragma once

#include "base/net.hpp"
#include "base/result.hpp"
#include "base/stream.hpp"
#include "http/http_url.hpp"
#include "http/request_pacer.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace notify {

struct http_client_options {
    std::chrono::milliseconds deadline{5'000};  // of one request, connecting included
    std::size_t max_body = 64 * 1024;
    pacer_options pace;
};

struct http_reply {
    unsigned status = 0;
    std::string body;
};

using http_headers = std::vector<std::pair<std::string, std::string>>;

class http_client {
public:
    http_client(net::io_context& loop, http_url url, http_client_options options = {});

    // Asks, with these headers besides the usual ones. An error is a sentence
    // that names the URL. REQUIRES: names and values hold no CR, LF or NUL; the
    // client outlives the request.
    // When its turn comes, it is not sent unless it is still wanted.
    [[nodiscard]] net::awaitable<result<http_reply>> get(
        http_headers headers, std::function<bool()> is_wanted = [] { return true; });

    [[nodiscard]] http_url const& url() const { return url_; }

    // Lets whoever waits fail at once, and ends what is under way.
    void stop();

private:
    struct peer;
    struct busy_place;
    using peer_ptr = std::shared_ptr<peer>;
    using clock = std::chrono::steady_clock;

    net::awaitable<result<http_reply>> ask(http_headers const& headers, ask_outcome& how);
    net::awaitable<result<http_reply>> exchange(peer_ptr p, http_headers const& headers,
                                                clock::time_point until, ask_outcome& how);
    [[nodiscard]] peer_ptr take_peer();
    [[nodiscard]] error failure(std::string_view what) const;

    net::io_context& loop_;
    http_url const url_;
    http_client_options const options_;
    request_pacer pacer_;
    bool stopped_ = false;
    std::vector<peer_ptr> idle_;
    std::vector<peer_ptr> busy_;
};

}  // namespace notify
