// SPDX-License-Identifier: MIT
//
// A Socket.IO namespace that sends back what it gets: `auth` with the CONNECT's
// payload, `message-back` for `message`, an acknowledgement for `message-with-ack`.
#pragma once

#include "base/json.hpp"
#include "socketio/namespace_handler.hpp"
#include "socketio/socket.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace notify::conformance {

class echo_namespace final : public sio::namespace_handler {
public:
    void on_connect(sio::socket& s, json const& auth) override { s.emit({"auth", auth}); }

    void on_event(sio::socket& s, sio::event e) override
    {
        if (e.name() == "message") {
            e.data[0] = "message-back";
            s.emit(std::move(e.data));
        } else if (e.name() == "message-with-ack" && e.ack) {
            e.data.erase(0);
            s.acknowledge(*e.ack, std::move(e.data));
        }
    }
};

}  // namespace notify::conformance
