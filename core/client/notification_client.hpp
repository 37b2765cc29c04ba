// SPDX-License-Identifier: MIT
//
// Follows one user's notifications, as one more device of that user, across
// lost connections: client_session decides, websocket_stream sends and receives.
//
// The first connection tells whether it can work at all: if it fails or is
// refused, that is the end. After that every loss is followed by another try,
// also when one of these tries is refused: the gateway or its Redis may have
// been restarted between two steps of it.
//
// Used by one thread. Lifetime: must outlive run().
#pragma once

#include "base/backoff.hpp"
#include "base/net.hpp"
#include "base/result.hpp"
#include "client/client_session.hpp"
#include "client/gateway_url.hpp"
#include "client/websocket_stream.hpp"
#include "contract/notification.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace notify {

// Who we are: either the cookies of a browser, or a uuidCookie.
struct client_identity {
    using uuid_source = std::function<net::awaitable<result<std::string>>()>;

    std::string cookie;     // value of the Cookie header; the gateway asks the web app
    uuid_source next_uuid;  // empty if it is the cookies; a uuid works once and for seconds,
                            // so it is asked for when the connection stands
    bool lasting = true;    // false if there is no second uuid: then a loss is the end
};

// Is told what happens. Its functions may call notification_client::stop().
class notification_listener {
public:
    virtual void on_subscribed() = 0;  // the first time, and after each loss
    virtual void on_notification(notification n) = 0;
    virtual void on_missed(std::string const& why) = 0;  // one that was too large
    virtual void on_lost(std::string const& why, std::chrono::milliseconds pause) = 0;

protected:
    ~notification_listener() = default;
};

class notification_client {
public:
    struct ending {
        enum class kind : std::uint8_t { stopped, refused, unreachable };
        kind what = kind::stopped;
        std::string why{};
    };

    notification_client(net::any_io_executor const& executor, gateway_url url,
                        client_identity identity, notification_listener& listener);

    // Runs until stop(), or until another try makes no sense. REQUIRES: called once.
    net::awaitable<ending> run();

    // Ends run() soon; the listener is not called again.
    void stop();

private:
    net::awaitable<ending> connect_once();
    net::awaitable<ending> converse(client_session session);
    std::optional<ending> act_on(client_session::decision d);
    net::awaitable<void> sleep(std::chrono::milliseconds pause);

    gateway_url const url_;
    client_identity const identity_;
    notification_listener& listener_;
    websocket_stream stream_;
    net::steady_timer timer_;  // of the pause before another try
    backoff pause_{std::chrono::seconds{1}, std::chrono::seconds{30}};
    std::optional<websocket_stream::clock::time_point> subscribed_at_;  // on this connection
    bool welcomed_ = false;  // has been subscribed on any
    bool stopped_ = false;
};

}  // namespace notify
