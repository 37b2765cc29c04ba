// SPDX-License-Identifier: MIT
//
// Commands and their replies, over one redis_connection: first in, first out.
//
// Each command has a deadline. When one is missed the connection is given up,
// since the replies that come later would be taken for those of other commands.
// While Redis is away commands fail at once, with the reason.
//
// Belongs to one thread. Handlers are called from the event loop, never from
// within command(), and must not destroy the client. A client that is destroyed
// forgets its handlers uncalled.
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
    std::chrono::milliseconds reply_within{2000};
    std::size_t max_pending = 100'000;  // more commands are refused at once
};

class redis_client : private redis_connection::owner {
public:
    using command_args = std::initializer_list<std::string_view>;

    // The reply may itself be an error of Redis (is_error()). Valid during the call.
    using handler = unique_function<void(result<reply_view>)>;

    // Told when Redis has been reached, and when it was lost or not reached, and why.
    using state_handler = std::function<void(bool up, std::string_view reason)>;

    redis_client(net::any_io_executor const& executor, redis_options options,
                 redis_policy policy = {}, redis_client_options limits = {});

    // REQUIRES: called once; on_state before that.
    void start() { connection_.start(); }
    void on_state(state_handler h) { on_state_ = std::move(h); }

    // Told, before it is down, that the server was the wrong one (redis_connection.hpp).
    void on_wrong_server(std::function<void(std::string_view reason)> h)
    {
        on_wrong_server_ = std::move(h);
    }

    // Gives the connection up, for that reason, and makes another one.
    void drop(std::string reason) { connection_.drop(std::move(reason)); }

    // Fails what is pending, and ends the connection for good.
    void stop();

    // Sends args now. h gets the reply, or why there is none.
    void command(std::span<std::string_view const> args, handler h);
    void command(command_args args, handler h);

    // The same as a coroutine, with a reply of one's own. REQUIRES: the client
    // outlives it.
    [[nodiscard]] net::awaitable<result<reply>> async_command(std::vector<std::string> args);

    // Waits until Redis is reached, or the try that is under way has failed.
    // REQUIRES: the client outlives it.
    [[nodiscard]] net::awaitable<result<void>> ready();

    [[nodiscard]] bool up() const { return connection_.up(); }

    // Whether Redis does what it is told: it is up, and has answered a command since
    // with anything but that it is the wrong one.
    [[nodiscard]] bool serves() const { return up() && serves_; }

    // True once it has turned out to be the wrong server, until one is reached again:
    // what was pending then has not been done, since that one does nothing it is told.
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

    struct entry {
        clock::time_point deadline;
        handler h;
    };

    void on_up() override;
    void on_reply(reply_view r) override;
    void on_wrong_server(std::string_view reason) override;
    void on_down(std::string_view reason) override;

    void fail_soon(handler h, std::string reason);
    void watch_front();
    void on_timer();
    void wait_ready(ready_handler h);
    void tell_ready(result<void> const& r);

    bool const keeps_trying_;
    redis_client_options const limits_;
    redis_connection connection_;
    net::steady_timer timer_;  // for the oldest pending command
    bool watching_ = false;    // timer_ is running
    std::deque<entry> pending_;
    std::vector<ready_handler> waiting_;
    std::string reason_;  // why it is down, if known
    state_handler on_state_;
    std::function<void(std::string_view)> on_wrong_server_;
    bool serves_ = false;
    bool left_wrong_server_ = false;
    std::shared_ptr<char> alive_ = std::make_shared<char>();  // handlers on their way watch it
};

}  // namespace notify::redis
