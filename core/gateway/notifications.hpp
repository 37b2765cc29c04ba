// SPDX-License-Identifier: MIT
//
// The namespace /io/user/notifications (docs/protocol.md, The contract with pages):
// finds out who each socket is, joins it to that user's channel, and says how that
// went in `internal` events. After a refusal the socket stays, for another try.
//
// One for each shard.
#pragma once

#include "base/json.hpp"
#include "gateway/failed_subscriptions.hpp"
#include "gateway/new_subscriptions.hpp"
#include "identity/identity_source.hpp"
#include "pubsub/hub.hpp"
#include "socketio/namespace_handler.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace notify {

class notifications final : public sio::namespace_handler {
public:
    // Who is nobody's for user_timeout is sent away (no_user), unless that is
    // 0. REQUIRES: h, who, failed and fresh outlive the handler.
    notifications(hub& h, identity_source& who, failed_subscriptions& failed,
                  new_subscriptions& fresh, milliseconds user_timeout)
        : hub_{h}, identity_{who}, failed_{failed}, new_{fresh}, user_timeout_{user_timeout}
    {
    }

private:
    struct question;
    class subscription;

    void on_connect(sio::socket& s, json const& auth) override;
    void on_event(sio::socket& s, sio::event e) override;
    void on_disconnect(sio::socket& s, eio::close_reason reason) override;

    hub& hub_;
    identity_source& identity_;
    failed_subscriptions& failed_;
    new_subscriptions& new_;
    milliseconds const user_timeout_;
};

}  // namespace notify
