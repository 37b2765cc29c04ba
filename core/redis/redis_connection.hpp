// SPDX-License-Identifier: MIT
//
// A connection to Redis that finds its way back. It connects, shows who it is,
// sends what its owner says, tells every reply, and after any loss tries again
// with growing, jittered pauses. The address is resolved anew each time. A Redis
// that has frozen is noticed by a PING; one that has become a replica by asking for
// its role in place of PING, or by an error that says so.
//
// Belongs to one thread; the owner is called on it, from the event loop, never
// from within start(), send() or drop(). It says nothing to the log.
#pragma once

#include "base/net.hpp"
#include "redis/redis_options.hpp"
#include "redis/resp.hpp"
#include "redis/server_facts.hpp"

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace notify::redis {

struct redis_policy {
    using milliseconds = std::chrono::milliseconds;

    // False: after the first failure or loss it stays down (for the tools).
    bool keep_trying = true;

    // True if SUBSCRIBE and its kin are sent: then a reply need not belong to a command.
    bool subscriber = false;

    std::string client_name = "notify";  // shown by CLIENT LIST; no spaces
    milliseconds connect_within{5000};   // until commands may be sent
    milliseconds ping_after{2000};       // of hearing nothing
    milliseconds pong_within{3000};
    milliseconds pause_first{50};          // before the first new try; doubles…
    milliseconds pause_most{2000};         // …up to this
    std::size_t output_limit = 64u << 20;  // waiting to be written; more ends the connection
    std::size_t max_message = 64u << 20;   // bytes on a channel; more is passed over
};

class redis_connection {
public:
    // Told what happens. It may stop or destroy the connection in any of these.
    class owner {
    public:
        // AUTH and SELECT are through: commands may be sent.
        virtual void on_up() = 0;

        // The next reply, in order. r is valid during the call.
        virtual void on_reply(reply_view r) = 0;

        // The next reply is a message on a channel; only a subscriber has these.
        // m is valid during the call. What is not in the usual form comes as a reply.
        virtual void on_message(push_message const&) {}

        // All replies of one read have been told.
        virtual void on_read_end() {}

        // It was up and is about to be lost because the server is not, or not any more,
        // the one to ask: as after a failover that left old connections open. Other
        // connections to the same address may be with that server, too.
        virtual void on_wrong_server(std::string_view) {}

        // It was up and is lost, or a try has failed; reason is a sentence. It
        // will be tried again unless stopped or not keep_trying.
        virtual void on_down(std::string_view reason) = 0;

    protected:
        ~owner() = default;
    };

    // o must outlive the connection, or the call of stop().
    redis_connection(net::any_io_executor const& executor, redis_options options, owner& o,
                     redis_policy policy = {});
    redis_connection(redis_connection const&) = delete;
    redis_connection& operator=(redis_connection const&) = delete;
    ~redis_connection();  // stops

    // REQUIRES: called once.
    void start();

    // After it returns the owner is not called any more.
    void stop();

    // Queues a command; all that is queued in one turn of the event loop goes out
    // in one write. Ignored when not up: on_down() has come or is about to.
    // Without memory for it the connection is lost.
    void send(std::span<std::string_view const> args) noexcept;
    void send(std::initializer_list<std::string_view> args) noexcept;

    // Gives this connection up as if it were lost, for that reason; on_down()
    // follows. Nothing happens when not up.
    void drop(std::string reason);

    [[nodiscard]] bool up() const;

    // What is known of the server. REQUIRES: up().
    [[nodiscard]] server_facts const& server() const;

    [[nodiscard]] redis_options const& options() const;

private:
    class impl;
    std::shared_ptr<impl> impl_;
};

}  // namespace notify::redis
