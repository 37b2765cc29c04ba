// SPDX-License-Identifier: MIT
//
// Asks one URL again and again: GET over a few kept-alive connections, a bounded
// number at a time. Who comes when all are busy waits its turn, first come first
// served; the deadline of a request begins when it is sent, so that a crowd
// waits longer instead of being turned away.
//
// Belongs to one shard.
#pragma once

#include "base/net.hpp"
#include "base/result.hpp"
#include "base/stream.hpp"
#include "http/http_url.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace notify {

struct http_client_options {
    std::size_t max_connections = 8;
    std::chrono::milliseconds deadline{5'000};   // of one request, connecting included
    std::chrono::milliseconds max_wait{30'000};  // for a turn
    std::size_t max_waiting = 100'000;
    std::size_t max_body = 64 * 1024;
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
    [[nodiscard]] net::awaitable<result<http_reply>> get(http_headers headers);

    [[nodiscard]] http_url const& url() const { return url_; }

    // Lets whoever waits fail at once, and ends what is under way.
    void stop();

private:
    struct turn;
    struct peer;
    using peer_ptr = std::shared_ptr<peer>;

    net::awaitable<result<void>> take_turn();
    void end_turn();
    net::awaitable<result<http_reply>> ask(http_headers const& headers);
    net::awaitable<result<http_reply>> exchange(peer_ptr p, http_headers const& headers);
    [[nodiscard]] error failure(std::string_view what) const;

    net::io_context& loop_;
    http_url const url_;
    http_client_options const options_;
    std::size_t asking_ = 0;
    bool stopped_ = false;
    std::list<std::shared_ptr<turn>> waiting_;  // who came first is first
    std::vector<peer_ptr> idle_;
    std::vector<peer_ptr> busy_;
};

}  // namespace notify
