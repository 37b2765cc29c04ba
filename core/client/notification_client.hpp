// SPDX-License-Identifier: MIT
//
// Follows one user's notifications across lost connections, as one more device of that user. This
// is what notify-watch is built on (tools/notify-watch/watcher). For each connection it makes a
// client_session, which decides, and moves messages between it and websocket_stream, which does the
// IO. Its own part is when to connect, and when to give up.
//
// Until the first subscription is confirmed any failure ends run(): a wrong URL or identity will
// not get better, and somebody at a terminal wants to see that at once. After that each loss is
// followed by another try, also when such a try is refused: a gateway or a Redis that is being
// restarted may well accept a connection and then not know the uuid.
//
// A gateway that is asked from where on says with each stored notification where in the user's log
// the client stands. The next connection goes on from there, however long it takes to come about:
// nothing that is stored is missed, or the listener is told of a gap. What is published live
// between two connections is missed.
//
// Used by one thread, that of the executor. Lifetime: must outlive run().
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

// Who watches: either the cookies of a browser, or a uuidCookie (docs/protocol.md, uuidCookies).
// Both are secrets: they stand in no error and in no log.
struct client_identity {
    using uuid_source = std::function<net::awaitable<result<std::string>>()>;

    // Value of the Cookie header, with which the gateway asks the web app; empty for a uuid.
    // REQUIRES: no control characters.
    std::string cookie;
    // Returns a fresh uuid, or a sentence. Empty if it is the cookies. A uuid works once and for
    // seconds, so it is called once for each connection, when the WebSocket stands. It has to end
    // by itself: neither a deadline nor stop() cuts it short.
    uuid_source next_uuid;
    bool lasting = true;  // false if there is no second uuid: then a loss ends run()
};

// Is told what happens, within run() and one event at a time; the connection is not read meanwhile.
// Its functions may call notification_client::stop(). What they throw leaves run().
//
// Text may come from the gateway: to be escaped before a person sees it.
class notification_listener {
public:
    // Notifications are told from now on. Called for each connection; and on the same connection
    // again if the gateway had lost Redis, in which case some may have been missed.
    virtual void on_subscribed() = 0;
    // n.where says where the client stands then, as on_position() does.
    virtual void on_notification(notification n) = 0;
    // The client stands there in the user's log, without another notification. Comes before
    // on_subscribed().
    virtual void on_position(position const& where) = 0;
    // Stored notifications may be missing before the next.
    virtual void on_gap() = 0;
    // The gateway dropped a notification that was too large; the subscription goes on.
    virtual void on_missed(std::string const& why) = 0;
    // The connection, or a try to make it anew, has failed. The next try is after pause.
    virtual void on_lost(std::string const& why, std::chrono::milliseconds pause) = 0;

protected:
    ~notification_listener() = default;
};

class notification_client {
public:
    // Why run() has ended. refused: the gateway does not accept the identity. unreachable: any
    // other failure of the connection, of the uuid's source or of the protocol.
    struct ending {
        enum class kind : std::uint8_t { stopped, refused, unreachable };
        kind what = kind::stopped;
        std::string why{};  // a sentence; empty for stopped. May be the gateway's: to be escaped
    };

    // Connects to nothing yet. since: from where on, as contract/log_start reads it; "" for only
    // what comes from now on, without positions. REQUIRES: listener outlives run().
    notification_client(net::any_io_executor const& executor, gateway_url url,
                        client_identity identity, notification_listener& listener,
                        std::string since = {});

    // Runs until stop(), or until another try makes no sense (see above). REQUIRES: called once.
    net::awaitable<ending> run();

    // Ends run() soon, whatever it waits for except next_uuid; it never ends before stop() returns.
    // The listener is not called again. May be called more than once.
    void stop();

private:
    net::awaitable<ending> connect_once();
    net::awaitable<ending> converse(client_session session);
    std::optional<ending> act_on(client_session::decision d);
    net::awaitable<void> sleep(std::chrono::milliseconds pause);

    gateway_url const url_;
    client_identity const identity_;
    notification_listener& listener_;
    std::string since_;              // from where on to tell, as long as where_ is not known
    std::optional<position> where_;  // in the user's log: what is up to there has been told
    websocket_stream stream_;
    net::steady_timer timer_;  // of the pause before another try
    backoff pause_{std::chrono::seconds{1}, std::chrono::seconds{30}};
    // When this connection was subscribed last; empty before, and set anew for each connection.
    std::optional<websocket_stream::clock::time_point> subscribed_at_;
    bool welcomed_ = false;  // any connection has been subscribed: failures are not final any more
    bool stopped_ = false;   // stop() was called
};

}  // namespace notify
