// SPDX-License-Identifier: MIT
//
// One life of a redis_connection: connects, shakes hands, and reads until the connection ends.
//
// Each try is a new link, so that nothing late (a read, a timer, half a reply) can reach the next
// one. All state that belongs to one TCP connection is here: reader, handshake, output, heartbeat.
//
// One coroutine, run(), reads. Commands are appended to a string, which is written when the turn of
// the event loop is over; while one write is under way, the next string fills. So a burst of
// commands costs one system call, and output is bounded by output_limit.
//
// Belongs to one thread. Owned by the redis_connection and by the handlers of what is under way: it
// lives until the last of these has returned.
#pragma once

#include "redis/plain_probe.hpp"
#include "redis/redis_connection.hpp"
#include "redis/redis_handshake.hpp"
#include "redis/server_facts.hpp"

#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace notify::redis {

// Invariants. ended_ never becomes false again, and nothing is sent or told after it is set, except
// on_read_end(). For commands, replies_due_ is the number of replies that the owner
// still waits for, and a reply beyond that ends the link.
class redis_link : public std::enable_shared_from_this<redis_link> {
public:
    // REQUIRES: options and policy outlive the link; o does, or the call of abandon().
    redis_link(net::any_io_executor const& executor, redis_options const& options,
               redis_policy const& policy, redis_connection::owner& o);

    // Connects, and reads until the link ends. Calls the owner meanwhile. Returns why it ended, as
    // a sentence; does not throw. REQUIRES: called once; held by a shared_ptr.
    [[nodiscard]] net::awaitable<std::string> run();

    // Queues a command of the owner. Ignored when not up. Without memory the link ends: had the
    // command been left out in silence, the next reply would be taken for its own.
    void send(std::span<std::string_view const> args) noexcept;

    // Closes the connection. run() returns soon, with the first reason that was given.
    void end(std::string reason) noexcept;

    // The same; and the owner is not called any more.
    void abandon();

    // True from the last reply of the handshake until the end.
    [[nodiscard]] bool up() const { return up_ && !ended_; }

    // What the handshake has learned, and each ROLE since.
    [[nodiscard]] server_facts const& server() const { return handshake_.server(); }

    // True if it was up and has ended because the server is not the right one any more.
    [[nodiscard]] bool met_wrong_server() const { return met_wrong_server_; }

    // How long it has been up, if it has been, until now. Asked when it has just ended.
    [[nodiscard]] std::chrono::steady_clock::duration up_for() const;

private:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;

    // Does f. If that throws, as without memory, the link ends with the exception's text. Wraps
    // what is called by the event loop, where nobody else would catch it.
    template <class F>
    void attempt(F&& f) noexcept
    {
        try {
            std::forward<F>(f)();
        } catch (std::exception const& e) {
            end(e.what());
        }
    }

    // The life itself: run() without the last resort for exceptions.
    [[nodiscard]] net::awaitable<void> live();
    // The handshake is through: tells the owner, and starts the heartbeat.
    void go_up();
    // Tells the owner all that one read has brought. May end the link.
    void on_bytes(std::string_view bytes);
    void tell_messages();
    void on_reply(reply_view r);
    // Notes that the link has to end after this read, and why; the first reason counts.
    void on_wrong_server(std::string_view says);
    // True if r answers our PING or ROLE, and is not for the owner.
    [[nodiscard]] bool is_pong(reply_view r);
    void on_pong(reply_view r);
    // The timer has fired: ends the link if a deadline is missed, or asks for a pong.
    void beat();
    void ask_for_pong();
    // True if ROLE takes the place of PING.
    [[nodiscard]] bool asks_role() const { return !policy_.subscriber && server().tells_role; }
    // Starts to look whether a server that should speak TLS does not.
    void probe_for_plain();
    // Has beat() called at this time; replaces what was armed before.
    void arm(time_point when);
    // Appends a command, of the owner's or our own, to what is written next.
    void command(std::span<std::string_view const> args);
    // Sees to it that what is pending is written when this turn is over.
    void request_flush();
    // Begins a write, unless one is under way or there is nothing to write.
    void flush();
    [[nodiscard]] std::string at() const { return options_.address.to_string(); }

    redis_options const& options_;
    redis_policy const& policy_;
    redis_connection::owner* owner_;  // null once abandoned

    stream stream_;
    reply_reader reader_;
    redis_handshake handshake_;
    net::steady_timer timer_;  // until up: the handshake's deadline; then: the next beat()
    bool up_ = false;
    bool ended_ = false;
    bool met_wrong_server_ = false;
    std::string wrong_server_;  // what it said; ends the link when all of the current read is told
    std::string reason_;        // of the end; a sentence
    time_point up_at_{};

    std::shared_ptr<plain_probe> probe_;  // null without TLS; ended once connected

    std::string pending_;  // commands to be written next
    std::string writing_;  // belongs to the write that is under way
    bool write_under_way_ = false;
    bool flush_posted_ = false;  // flush() will run soon

    // Random argument of our PINGs: a subscriber recognises the pong among all else by it.
    std::array<char, 20> const token_;
    time_point last_read_{};
    time_point ping_sent_{};  // the newest, or when we began to wait for it anew
    bool heard_ = false;      // at least one byte has come
    bool pong_due_ = false;
    std::size_t replies_due_ = 0;  // of the owner's commands; without meaning for a subscriber
    std::size_t replies_before_pong_ = 0;  // of them, those that come before the pong
};

}  // namespace notify::redis
