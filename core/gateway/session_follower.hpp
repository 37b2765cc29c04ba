// SPDX-License-Identifier: MIT
//
// The session mode (docs/protocol.md, Session mode): a socket of namespace `/` follows the
// channel of the web session that its browser's cookie names, and gets each
// message as a plain `message` event.
//
// One for each shard.
#pragma once

#include "base/result.hpp"
#include "gateway/failed_subscriptions.hpp"
#include "gateway/settings.hpp"
#include "pubsub/hub.hpp"
#include "socketio/namespace_handler.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace notify {

// The channel of a session, after the pattern with `{session}` in it. Nothing if
// the value could be a key's or another user's channel: it must be 1 to 256
// characters, none of them a slash, a space or a control.
[[nodiscard]] std::optional<std::string> session_channel(std::string_view pattern,
                                                         std::string_view session);

class session_follower final : public sio::namespace_handler {
public:
    // REQUIRES: h and failed outlive the handler.
    session_follower(hub& h, failed_subscriptions& failed, session_mode mode)
        : hub_{h}, failed_{failed}, mode_{std::move(mode)}
    {
    }

private:
    class subscription;

    [[nodiscard]] std::optional<std::string> reason_to_refuse(eio::handshake const& request,
                                                              json const& auth) override;
    void on_connect(sio::socket& s, json const& auth) override;

    [[nodiscard]] std::optional<std::string> channel_for(eio::handshake const& request) const;

    hub& hub_;
    failed_subscriptions& failed_;
    session_mode const mode_;
};

}  // namespace notify
