// SPDX-License-Identifier: MIT
//
// A connection to Redis that finds its way back.
//
// It connects, logs in, sends what its owner gives it and tells the owner each reply. After a loss
// it tries again, with pauses that grow and are partly random, and resolves the address anew each
// time: after a failover a name may lead to another server. It notices a frozen Redis by PING, and
// one that has become a replica by ROLE in place of PING, or by an error that says so.
//
// It does not queue for a server that is away, match replies to commands or write to the log:
// redis_client and redis_broker stand on it, and the shard logs. Each try is a redis_link of its
// own; this class is what lasts from one link to the next.
//
// Belongs to one thread. The owner is called on it from the event loop, never from within start(),
// stop(), send() or drop().
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

// How a connection behaves, as opposed to where it leads (redis_options).
struct redis_policy {
    using milliseconds = std::chrono::milliseconds;

    // False: it stays down after the first failure or loss. The tools want an error, not patience.
    bool keep_trying = true;

    // True if SUBSCRIBE and UNSUBSCRIBE will be sent. Then replies are not counted, since a command
    // may have many and messages have none, and a pong is recognised by its token.
    bool subscriber = false;

    // Shown by CLIENT LIST. Redis refuses names with spaces; a refused name does no harm.
    std::string client_name = "notify";
    // From the start of a try to the last reply of the handshake; name resolution and TLS included.
    milliseconds connect_within{5000};
    // After so long without a byte from Redis, it is asked for a sign of life, which has to come
    // within pong_within. Any byte is a sign of life.
    milliseconds ping_after{2000};
    milliseconds pong_within{3000};
    // Before the next try: at most pause_first after the first failure, then twice as long each
    // time, up to pause_most (base/backoff.hpp).
    milliseconds pause_first{50};
    milliseconds pause_most{2000};
    // Bytes that may wait to be written. More ends the connection, since that Redis does not read.
    std::size_t output_limit = 64u << 20;
    // Bytes of a message on a channel. Larger ones are passed over: the owner is told their size
    // only, and no memory is taken for them.
    std::size_t max_message = 64u << 20;
};

class redis_connection {
public:
    // The user of a connection, which is told what happens. It may stop or destroy the connection
    // in any of these calls.
    class owner {
    public:
        // The handshake is through: commands may be sent, and nothing is subscribed to.
        virtual void on_up() = 0;

        // The next reply, in the order of the commands. r is valid during the call.
        virtual void on_reply(reply_view r) = 0;

        // A message on a channel; only a subscriber gets these. m is valid during the call. A
        // message in an unusual form (push_message.hpp) comes by on_reply() instead.
        virtual void on_message(push_message const&) {}

        // All replies and messages of one read have been told. Called before the next read.
        virtual void on_read_end() {}

        // The connection was up and is about to end, because the server is not the one to ask:
        // after a failover it is a replica now, for example. on_down() follows. Other connections
        // to the same address may lead to that server too, and should be dropped.
        virtual void on_wrong_server(std::string_view) {}

        // The connection was up and is lost, or a try has failed. reason is a sentence. The next
        // try follows by itself, unless stopped or keep_trying is false.
        virtual void on_down(std::string_view reason) = 0;

    protected:
        ~owner() = default;
    };

    // Does not connect yet. REQUIRES: o outlives the connection, or the call of stop().
    redis_connection(net::any_io_executor const& executor, redis_options options, owner& o,
                     redis_policy policy = {});
    redis_connection(redis_connection const&) = delete;
    redis_connection& operator=(redis_connection const&) = delete;
    ~redis_connection();  // stops

    // Begins to connect. REQUIRES: called once.
    void start();

    // Ends the connection for good, without on_down(). After it returns the owner is not called any
    // more.
    void stop();

    // Queues a command. All that is queued in one turn of the event loop goes out in one write.
    // Ignored when not up: on_down() has come then, or is about to. Never throws: without memory
    // the connection is lost, which the owner is told by on_down().
    void send(std::span<std::string_view const> args) noexcept;
    void send(std::initializer_list<std::string_view> args) noexcept;

    // Ends the current link as if it had been lost, for this reason. on_down() and the next try
    // follow from the event loop. Ignored when not up.
    void drop(std::string reason);

    // True from on_up() until the link has ended, which may be a moment before on_down().
    [[nodiscard]] bool up() const;

    // What the handshake and later ROLEs have learned of the server. REQUIRES: up().
    [[nodiscard]] server_facts const& server() const;

    [[nodiscard]] redis_options const& options() const;

private:
    class impl;
    std::shared_ptr<impl> impl_;
};

}  // namespace notify::redis
