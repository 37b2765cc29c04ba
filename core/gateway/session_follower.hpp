// SPDX-License-Identifier: MIT
//
// The session mode (docs/protocol.md, Session mode): a socket in namespace `/` follows the channel
// of the web session that its browser's cookie names, and gets each message as a plain `message`
// event.
//
// It is for sites whose pages and publishers are built around the web session instead of the user.
// No identity is asked for: the cookie's value is the name of the channel, and whoever has the
// cookie may listen. There are no `internal` events, so a connection that has missed something
// ends, and its library connects again.
//
// One for each shard, used on its thread.
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

// Returns the pattern with the session in place of `{session}`. Returns nothing unless session has
// 1 to 256 printable ASCII characters, without spaces and `/`: a client chooses its cookies, and
// must not name another user's channel with one.
[[nodiscard]] std::optional<std::string> session_channel(std::string_view pattern,
                                                         std::string_view session);

// The handler of `/` when a session mode is set; the shard offers it then, and only then.
class session_follower final : public sio::namespace_handler {
public:
    // REQUIRES: h and failed outlive the handler.
    session_follower(hub& h, failed_subscriptions& failed, session_mode mode)
        : hub_{h}, failed_{failed}, mode_{std::move(mode)}
    {
    }

private:
    class subscription;

    // Refuses a client without a usable cookie: a sentence that tells a developer which cookie is
    // missing.
    [[nodiscard]] std::optional<std::string> reason_to_refuse(eio::handshake const& request,
                                                              json const& auth) override;
    void on_connect(sio::socket& s, json const& auth) override;

    // The channel that the request's cookie names, or nothing.
    [[nodiscard]] std::optional<std::string> channel_for(eio::handshake const& request) const;

    hub& hub_;
    failed_subscriptions& failed_;
    session_mode const mode_;
};

}  // namespace notify
