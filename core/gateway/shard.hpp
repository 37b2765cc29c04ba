// SPDX-License-Identifier: MIT
//
// One thread and all that it owns: the server of HTTP and Engine.IO, the hub, and two connections
// to Redis, one that is subscribed and one for commands (in RESP 2 a connection cannot do both).
//
// Shards share the settings, which do not change, and the counts of capacity, which are atomic.
// They share nothing else, so there is no mutex and no strand. A user whose tabs are on several
// shards is subscribed to by each of them.
//
// This class only puts the parts together and reports: what each part does is in its own file. The
// gateway makes the shards and gives each a thread.
#pragma once

#include "base/net.hpp"
#include "gateway/canary_keeper.hpp"
#include "gateway/failed_subscriptions.hpp"
#include "gateway/new_subscriptions.hpp"
#include "gateway/notifications.hpp"
#include "gateway/session_follower.hpp"
#include "gateway/settings.hpp"
#include "gateway/shard_status.hpp"
#include "gateway/shared_key.hpp"
#include "http/arrival.hpp"
#include "identity/identity.hpp"
#include "pubsub/hub.hpp"
#include "redis/function_library.hpp"
#include "redis/redis_broker.hpp"
#include "redis/redis_client.hpp"
#include "redis/redis_log.hpp"
#include "socketio/offered_namespaces.hpp"
#include "wire/engine_server.hpp"

#include <spdlog/common.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

class shard {
public:
    // Binds the port; throws boost::system::system_error if that fails. Connects to nothing yet.
    // number: which shard of the process this is, from 0. REQUIRES: settings and limits outlive the
    // shard.
    shard(gateway_settings const& settings, capacity& limits, std::size_t number,
          tcp::endpoint const& at);
    ~shard();

    // Counts and states, which may be read from any thread, as may the channel of its canary.
    [[nodiscard]] shard_status const& status() const { return status_; }
    [[nodiscard]] std::string const& canary_channel() const { return canary_.channel(); }
    [[nodiscard]] std::uint16_t port() const { return web_.port(); }

    // --- before run() ---

    // How a connection gets to another shard: calls that one's adopt().
    void hand_over_with(std::function<void(std::size_t, arrival)> f)
    {
        web_.http().hand_over = std::move(f);
    }
    // Called on the shard's thread when what drain() began is done.
    void on_drained(std::function<void()> f) { drained_ = std::move(f); }
    // The paths that are served. Further ones may be added before run().
    [[nodiscard]] router& routes() { return web_.routes(); }
    // The connection for commands, for services on this shard's thread.
    [[nodiscard]] redis::redis_client& redis() { return redis_; }

    // Connects to Redis and serves, on the thread that calls it, until stop() was called and all is
    // closed. REQUIRES: called once.
    void run();

    // --- from any thread ---

    // Takes over a connection whose session is here, with all that was read from it.
    void adopt(arrival from) { web_.adopt(std::move(from)); }

    // Takes no new session, and closes those that are open evenly over this time
    // (engine_server::drain). Then stop() is still to be called. REQUIRES: within > 0.
    void drain(milliseconds within) { web_.drain(within); }

    // Stops accepting, closes the sessions, and lets run() return within 4 seconds.
    void stop() { web_.stop(); }

private:
    // Adds what every shard serves: the scripts, Engine.IO and streams of events.
    void route();
    // Called with each tick: tends the canary, publishes the state, and once a second the counts.
    void report();
    // Counts what is new in each tally, and writes a line for each kind. log_closed() does so for
    // the ends of sessions.
    void log_counts();
    void log_closed();
    // Adds n to counter m, under its label's value for reason, and says so in the log at this
    // level. detail stands behind it, with its own punctuation.
    template <class Reason>
    void count(gateway_metric m, Reason reason, std::uint64_t n, spdlog::level::level_enum level,
               std::string_view detail = {});
    // The connection for messages has come up, or was lost or not reached, for this reason.
    void on_redis(bool up, std::string_view reason);
    // The same for the connection for commands.
    void on_commands(bool up);
    // Sees to it that both connections lead to the same server, so that what one reads from a log
    // belongs to what the other is told. commands: which one has come up.
    void match_servers(bool commands);
    // One of the two was lost.
    void on_loss(bool commands);
    // The key for recovery is this process' own.
    void on_own_key(std::string_view why);
    // How uuidCookies can be taken from this Redis has been found out.
    void on_way(uuid_cookies::way way, std::string_view why);
    void on_functions(redis::function_library_state const& s);

    gateway_settings const& settings_;
    std::size_t const number_;
    shard_status status_;
    engine_server web_;
    redis::redis_client redis_;
    redis::redis_broker broker_;
    canary_keeper canary_;
    redis::redis_log log_;
    hub hub_;
    identity identity_;
    shared_key key_;
    failed_subscriptions failed_;
    new_subscriptions new_;
    notifications notifications_;
    std::optional<session_follower> session_follower_;
    sio::offered_namespaces namespaces_;
    std::function<void()> drained_ = [] {};
    time_ms next_log_ = 0;       // when counts go to the log again
    bool matching_ = false;      // one connection was dropped to follow the other
    bool knows_servers_ = true;  // they have told who they are, when both were last up
    bool subscribed_ = false;    // the connection for messages is up, as last logged
    bool commanded_ = false;     // the one for commands is
    uuid_cookies::way way_ = uuid_cookies::way::getdel;  // as last logged
    redis::function_library_state::kind functions_ =
        redis::function_library_state::kind::unknown;  // as last logged
    std::string redis_trouble_;                        // why Redis is away, as last logged
};

}  // namespace notify
