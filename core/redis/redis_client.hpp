// SPDX-License-Identifier: MIT
//
// Commands and their replies over one redis_connection, first in, first out.
//
// Each command has a deadline. When one is missed, the connection is given up: a reply of Redis
// does not name its command, so a late one would be taken for the reply of the next. While Redis is
// away, commands fail at once with the reason; nothing is queued for its return, since whoever asks
// (an identity, `notify-send`) has a person waiting.
//
// The gateway has one per shard for uuidCookies; the tools use it for PUBLISH and their checks.
//
// Belongs to one thread. Handlers are called from the event loop, never from within command(); only
// stop() calls those that are left before it returns. A handler must not destroy the client. A
// client that is destroyed forgets its handlers without calling them.
#pragma once

#include "base/unique_function.hpp"
#include "redis/redis_connection.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace notify::redis {

struct redis_client_options {
    // From command() to its reply.
    std::chrono::milliseconds reply_within{2000};
    // Commands that may wait for their reply; further ones fail at once. Bounds the memory that a
    // Redis which reads but does not answer can cost.
    std::size_t max_pending = 100'000;
};

class redis_client : private redis_connection::owner {
public:
    using command_args = std::initializer_list<std::string_view>;

    // Gets the reply, which may itself be an error of Redis (is_error()) and is valid during the
    // call; or, as an error, why there is none.
    using handler = unique_function<void(result<reply_view>)>;

    // Called with true when Redis has been reached, and with false and the reason when it was lost
    // or a try has failed.
    using state_handler = std::function<void(bool up, std::string_view reason)>;

    // policy.subscriber must be false: here each reply belongs to a command.
    redis_client(net::any_io_executor const& executor, redis_options options,
                 redis_policy policy = {}, redis_client_options limits = {});

    // Begins to connect. REQUIRES: called once; on_state() and on_wrong_server() before that.
    void start() { connection_.start(); }
    void on_state(state_handler h) { on_state_ = std::move(h); }

    // Called before on_state(false), when the connection was up and the server turned out to be the
    // wrong one (redis_connection.hpp).
    void on_wrong_server(std::function<void(std::string_view reason)> h)
    {
        on_wrong_server_ = std::move(h);
    }

    // Gives up the current connection, for this reason, and makes another one. What is pending
    // fails with the reason, from the event loop. Ignored when not up.
    void drop(std::string reason) { connection_.drop(std::move(reason)); }

    // Ends the connection for good. Before it returns, it fails all that is pending ("shutting
    // down") and calls the state handler.
    void stop();

    // Sends a command in this turn of the event loop. h gets the reply, or the error: not reached,
    // lost meanwhile, too late, or too many pending. Whether a command that was lost on its way was
    // executed cannot be known. Throws std::bad_alloc without memory; then h is not called.
    void command(std::span<std::string_view const> args, handler h);
    void command(command_args args, handler h);

    // The same as a coroutine. It returns a copy of the reply, since a view would be gone by the
    // time that the coroutine goes on. REQUIRES: the client outlives it.
    [[nodiscard]] net::awaitable<result<reply>> async_command(std::vector<std::string> args);

    // Waits until Redis is reached, or the try that is under way has failed; the error says why.
    // Returns at once if Redis is up, or stays down for good (keep_trying is false). For the tools,
    // which want one clear answer before they begin. REQUIRES: the client outlives it.
    [[nodiscard]] net::awaitable<result<void>> ready();

    [[nodiscard]] bool up() const { return connection_.up(); }

    // True if Redis not only is up but does what it is told: it has answered a command since it
    // came up, and the last answer was not that it is the wrong server. `/healthz` reports this,
    // because a replica accepts connections and refuses every write.
    [[nodiscard]] bool serves() const { return up() && serves_; }

    // True from the moment when the server has turned out to be the wrong one until a server is
    // reached again. A command that was pending then has not been executed, since such a server
    // refuses what it is told; so it may be sent again without harm.
    [[nodiscard]] bool left_wrong_server() const { return left_wrong_server_; }

    // REQUIRES: up().
    [[nodiscard]] server_facts const& server() const { return connection_.server(); }

    // Commands that wait for their reply.
    [[nodiscard]] std::size_t pending() const { return pending_.size(); }

    [[nodiscard]] redis_options const& options() const { return connection_.options(); }
    [[nodiscard]] net::any_io_executor get_executor() { return timer_.get_executor(); }

private:
    using clock = std::chrono::steady_clock;
    using ready_handler = unique_function<void(result<void>)>;

    // One command that waits for its reply.
    struct entry {
        clock::time_point deadline;
        handler h;
    };

    void on_up() override;
    void on_reply(reply_view r) override;
    void on_wrong_server(std::string_view reason) override;
    void on_down(std::string_view reason) override;

    // Calls h with this reason, from the event loop.
    void fail_soon(handler h, std::string reason);
    // Arms the timer for the oldest pending command.
    void watch_front();
    void on_timer();
    // Tells h as soon as Redis is reached, or the try has failed.
    void wait_ready(ready_handler h);
    void tell_ready(result<void> const& r);

    bool const keeps_trying_;
    redis_client_options const limits_;
    redis_connection connection_;
    net::steady_timer timer_;             // for the oldest pending command
    bool watching_ = false;               // timer_ is running
    std::deque<entry> pending_;           // in the order of replies and of deadlines
    std::vector<ready_handler> waiting_;  // in ready()
    std::string reason_;  // why it is down; empty while up, and before the first try has ended
    state_handler on_state_;
    std::function<void(std::string_view)> on_wrong_server_;
    bool serves_ = false;  // of serves(); counts only while up
    bool left_wrong_server_ = false;
    // Posted handlers hold a weak_ptr to it: expired means that the client is gone.
    std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace notify::redis
