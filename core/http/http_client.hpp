// SPDX-License-Identifier: MIT
//
// Asks one URL again and again: GET over a few kept-alive connections (RFC 9112), over TCP, TLS or
// a unix socket (base/stream). identity/web_app asks the web app with it who a session's user is.
//
// How many requests run at a time, and in which order, is the request_pacer's to say. The deadline
// of a request begins with its turn, so that a crowd waits longer instead of being turned away.
//
// The headers are the caller's. The client adds no User-Agent of its own, since the web app is
// asked in the name of a browser, and some sites end a session that another User-Agent uses.
//
// Belongs to one shard.
//
// Invariant: an answer belongs to the request before it. A connection on which anything came that
// nobody had asked for, or that failed or was late, is not used again: the next user would be taken
// for the one whom such bytes are about.
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
    // Of one request from its turn on: connecting, a second try, and reading the answer included.
    std::chrono::milliseconds deadline{5'000};
    std::size_t max_body = 64 * 1024;  // bytes of an answer's body; a longer one is an error
    pacer_options pace;
};

// An answer of any status from 200 on. Redirections are not followed.
struct http_reply {
    unsigned status = 0;
    std::string body;
};

// Names and values, sent in this order. Views, so that a request costs no copies of them.
using http_headers = std::vector<std::pair<std::string_view, std::string_view>>;

// On whose behalf a request is, and who is told how far it got. Called on the shard's thread.
struct http_asker {
    // Takes turns with other clients (fair_line.hpp); the network of the browser.
    std::uint64_t client = 0;
    // Called once, when the turn has come. False: nobody waits any more, and nothing is sent.
    std::function<bool()> is_wanted = [] { return true; };
    // Called when the request is about to be written: from now on the web app may have looked, so
    // its answer is not for somebody who asks later. Called again if it is written a second time.
    std::function<void()> on_send = [] {};
};

class http_client {
public:
    // Connects to nothing yet. REQUIRES: loop outlives this.
    http_client(net::io_context& loop, http_url url, http_client_options options = {});

    // Waits for a turn, asks, and returns the answer. The request has these headers besides Host,
    // Accept and Connection.
    //
    // The error is a sentence that names the URL: no turn within max_wait, too many waiting, nobody
    // waits any more, no connection, no whole answer within the deadline, an answer that is too
    // long or not HTTP, or stop(). A kept connection that turns out to be broken is replaced, and
    // the request written again, within the same deadline.
    //
    // REQUIRES: names and values hold no CR, LF or NUL, which would begin a header or a request of
    // somebody else's making; the client, both arguments and what they refer to outlive the
    // request.
    [[nodiscard]] net::awaitable<result<http_reply>> get(http_headers const& headers,
                                                         http_asker const& asker);

    [[nodiscard]] http_url const& url() const { return url_; }

    // Fails all who wait for a turn, ends what is under way, and closes all connections. Nothing is
    // asked any more. The coroutines end later, on the loop.
    void stop();

private:
    struct peer;
    struct busy_place;
    using peer_ptr = std::shared_ptr<peer>;
    using clock = std::chrono::steady_clock;

    // One request, over all its tries.
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
    // Connections between two requests; the last used is taken first. At most pace.at_once of both
    // kinds together.
    std::vector<peer_ptr> idle_;
    std::vector<peer_ptr> busy_;  // with a request under way
};

}  // namespace notify
