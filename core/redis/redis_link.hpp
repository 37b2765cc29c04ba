// SPDX-License-Identifier: MIT
//
// One life of a redis_connection: connects, shakes hands, reads until it ends.
// The next life is another link, so that nothing late reaches it.
//
// Owned by the connection and by the handlers of what is under way. One reader
// (a coroutine) and one writer (at most one write under way, the next being
// filled meanwhile).
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

class redis_link : public std::enable_shared_from_this<redis_link> {
public:
    // options and policy outlive the link.
    redis_link(net::any_io_executor const& executor, redis_options const& options,
               redis_policy const& policy, redis_connection::owner& o);

    // Returns why it ended, as a sentence.
    [[nodiscard]] net::awaitable<std::string> run();

    // A command that there is no memory for ends the link: of those before it and
    // after it, each reply still belongs to its own.
    void send(std::span<std::string_view const> args) noexcept;

    // Closes the connection; run() returns soon, with the first reason given.
    void end(std::string reason) noexcept;

    // The same, and the owner is not called any more.
    void abandon();

    [[nodiscard]] bool up() const { return up_ && !ended_; }

    // What the handshake has learned.
    [[nodiscard]] server_facts const& server() const { return handshake_.server(); }

    // True if it was up, and ended because the server is not the right one any more.
    [[nodiscard]] bool met_wrong_server() const { return met_wrong_server_; }

    // How long it has been, or had been, up.
    [[nodiscard]] std::chrono::steady_clock::duration up_for() const;

private:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;

    // Does f. If that throws, as when there is no memory, the link ends.
    template <class F>
    void attempt(F&& f) noexcept
    {
        try {
            std::forward<F>(f)();
        } catch (std::exception const& e) {
            end(e.what());
        }
    }

    [[nodiscard]] net::awaitable<void> live();
    void go_up();
    void on_bytes(std::string_view bytes);
    void tell_messages();
    void on_reply(reply_view r);
    void on_wrong_server(std::string_view says);
    [[nodiscard]] bool is_pong(reply_view r);
    void on_pong(reply_view r);
    void beat();
    void ask_for_pong();
    void probe_for_plain();
    void arm(time_point when);
    void command(std::span<std::string_view const> args);
    void request_flush();
    void flush();
    [[nodiscard]] std::string at() const { return options_.address.to_string(); }

    redis_options const& options_;
    redis_policy const& policy_;
    redis_connection::owner* owner_;  // null once abandoned

    stream stream_;
    reply_reader reader_;
    redis_handshake handshake_;
    net::steady_timer timer_;  // for the handshake's deadline, then for beat()
    bool up_ = false;
    bool ended_ = false;
    bool met_wrong_server_ = false;
    std::string wrong_server_;  // what it said; ends the link when all that was read is told
    std::string reason_;
    time_point up_at_{};

    std::shared_ptr<plain_probe> probe_;  // of TLS only

    std::string pending_;  // to be written next
    std::string writing_;  // under way
    bool write_under_way_ = false;
    bool flush_posted_ = false;

    std::array<char, 20> const token_;  // argument of our PINGs, known to nobody else
    time_point last_read_{};
    time_point ping_sent_{};
    bool heard_ = false;  // anything at all
    bool pong_due_ = false;
    std::size_t replies_due_ = 0;  // of the owner's commands; not counted if subscriber
    std::size_t replies_before_pong_ = 0;
};

}  // namespace notify::redis
