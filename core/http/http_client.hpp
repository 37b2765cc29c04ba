// SPDX-License-Identifier: MIT
//
// Asks one URL again and again: GET over a few kept-alive connections, in the
// turns that a request_pacer gives, with the headers that it is given: it adds no
// name of its own (User-Agent), so that it may ask in somebody else's. The deadline of a request
// begins with its turn, so that a crowd waits longer instead of being turned away.
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
#include <cstdint>
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

using http_headers = std::vector<std::pair<std::string_view, std::string_view>>;

// On whose behalf a request is.
struct http_asker {
    std::uint64_t client = 0;                               // takes turns with the others
    std::function<bool()> is_wanted = [] { return true; };  // asked when its turn has come
    std::function<void()> on_send = [] {};                  // it is about to be written
};

class http_client {
public:
    http_client(net::io_context& loop, http_url url, http_client_options options = {});

    // Asks, with these headers besides the usual ones. An error is a sentence
    // that names the URL. When its turn comes, it is not sent unless it is still
    // wanted. If a connection that was kept fails, it may be written twice.
    // REQUIRES: names and values hold no CR, LF or NUL; the client, both arguments and
    // what they refer to outlive the request.
    [[nodiscard]] net::awaitable<result<http_reply>> get(http_headers const& headers,
                                                         http_asker const& asker);

    [[nodiscard]] http_url const& url() const { return url_; }

    // Lets whoever waits fail at once, and ends what is under way.
    void stop();

private:
    struct peer;
    struct busy_place;
    using peer_ptr = std::shared_ptr<peer>;
    using clock = std::chrono::steady_clock;

    struct task {
        http_headers const& headers;
        http_asker const& asker;
        clock::time_point until;
    };

    net::awaitable<result<http_reply>> ask(task const& t, ask_outcome& how);
    net::awaitable<result<http_reply>> exchange(peer_ptr p, task const& t, ask_outcome& how);
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
