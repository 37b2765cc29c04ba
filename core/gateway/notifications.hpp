// SPDX-License-Identifier: MIT
//
// The namespace /io/user/notifications (docs/protocol.md, The contract with pages): the product's
// own logic.
//
// For each socket it reads who the client claims to be (contract/identity_claim), asks
// identity_source, joins the socket to that user's channel in the hub, and says how that went in
// `internal` events and acknowledgements. Messages then go from the hub to the socket without it.
// After a refusal the socket stays, for another try.
//
// A client that says in CONNECT who it is can come back after a cut (gateway/socket_recovery). Its
// CONNECT is answered when it is subscribed, and what it missed comes before the answer.
//
// What it keeps for a socket (notifications::subscription) is the socket's data. So a socket that
// goes takes its question, its place in the channel and its debts along, and no answer can come to
// a client that has left.
//
// One for each shard, used on its thread. It knows sockets, the hub and an interface for
// identities, so its tests need neither Redis nor a web app.
#pragma once

#include "base/json.hpp"
#include "gateway/failed_subscriptions.hpp"
#include "gateway/new_subscriptions.hpp"
#include "gateway/socket_recovery.hpp"
#include "identity/identity_source.hpp"
#include "pubsub/hub.hpp"
#include "socketio/namespace_handler.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

class notifications final : public sio::namespace_handler {
public:
    // user_timeout: how long a socket may be nobody's before its session ends (no_user); 0: for
    // ever. REQUIRES: h, who, failed, fresh and the key of terms outlive the handler.
    notifications(hub& h, identity_source& who, failed_subscriptions& failed,
                  new_subscriptions& fresh, milliseconds user_timeout, recovery_terms terms)
        : hub_{h},
          identity_{who},
          failed_{failed},
          new_{fresh},
          user_timeout_{user_timeout},
          recovery_{std::move(terms)}
    {
    }

private:
    struct question;
    class subscription;

    [[nodiscard]] bool welcomes_later(eio::handshake const&, json const& auth) override;
    void on_connect(sio::socket& s, json const& auth) override;
    void on_event(sio::socket& s, sio::event e) override;
    void on_ping(sio::socket& s) override;
    void on_disconnect(sio::socket& s, eio::close_reason reason) override;

    // Microseconds since 1970.
    [[nodiscard]] std::uint64_t now() const
    {
        return static_cast<std::uint64_t>(recovery_.now()) * 1'000'000;
    }

    hub& hub_;
    identity_source& identity_;
    failed_subscriptions& failed_;
    new_subscriptions& new_;
    milliseconds const user_timeout_;
    recovery_terms const recovery_;
};

}  // namespace notify
