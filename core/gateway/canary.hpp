// SPDX-License-Identifier: MIT
//
// Proves that what is published in Redis arrives at this shard, by publishing something to itself.
//
// A connection that is up proves little: after a failover it may lead to a server on which nobody
// publishes any more, and a proxy may have lost the subscriptions behind it. So every two seconds a
// round begins: a SUBSCRIBE on the one connection, when that is confirmed a PUBLISH of a nonce on
// the other, and then the nonce has to come in. So each connection has to work in both directions.
// When three rounds have not come to their end, both connections count as dead.
//
// Decides only; gateway/canary_keeper does. It knows no connection and no clock: time is an
// argument, in microseconds since any moment, and never goes back. Belongs to one shard.
#pragma once

#include "gateway/readiness.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

class canary {
public:
    using microseconds = std::chrono::microseconds;

    static constexpr microseconds period{2'000'000};
    static constexpr std::uint64_t most_missing = 3;

    // What has to be done now.
    enum class step : std::uint8_t {
        nothing,
        subscribe,  // to the canary's channel, also if it is subscribed to
        publish,    // nonce() on it
        drop,       // both connections; on_messages(false) and on_commands(false) follow
    };

    // Returns what has to be done, and takes it as done. Called often; between two steps it returns
    // nothing.
    [[nodiscard]] step due(microseconds now);
    // The nonce of the newest round, a number; each has another one.
    [[nodiscard]] std::string nonce() const { return std::to_string(begun_); }

    // The connection that is subscribed has come up (nothing is subscribed to), or was lost or not
    // reached.
    void on_messages(bool up);
    // The same for the connection for commands.
    void on_commands(bool up);

    // Redis has confirmed the subscription.
    void on_subscribed();
    // Redis has refused SUBSCRIBE or PUBLISH. That is an answer too, so no round is missing. The
    // next one tries again, since an operator may allow them any time.
    void on_refused();
    // Something came on the channel. What is no nonce of a round that is missing is ignored.
    void on_message(std::string_view payload, microseconds now);

    // Never readiness::draining.
    [[nodiscard]] readiness state() const { return state_; }
    // How long the newest nonce that came was on its way; 0 before the first.
    [[nodiscard]] microseconds round_trip() const { return round_trip_; }

private:
    void on_connection(bool& was_up, bool is_up);
    void forget_missing() { ended_ = begun_; }

    bool messages_up_ = false;
    bool commands_up_ = false;
    bool publishes_ = false;  // the subscription was confirmed, so a nonce is due
    readiness state_ = readiness::no_redis;
    microseconds next_{0};     // when the next round is due
    std::uint64_t begun_ = 0;  // rounds, since the start
    std::uint64_t ended_ = 0;  // the newest of them that has come to its end, and so all before it
    std::array<microseconds, most_missing> published_at_{};  // of the newest, by number
    microseconds round_trip_{0};
};

}  // namespace notify
