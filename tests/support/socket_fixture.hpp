// SPDX-License-Identifier: MIT
//
// One client over a WebSocket in memory, and a Socket.IO server with the
// namespaces `/`, `/chat`, `/a`, `/b` and `/c`.
#pragma once

#include "socketio/connection.hpp"
#include "socketio/offered_namespaces.hpp"
#include "support/memory_shard.hpp"
#include "support/memory_websocket.hpp"
#include "support/recording_namespace.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace notify::test {

struct socket_fixture {
    explicit socket_fixture(eio::engine_options const& options = {}, eio::dialect speaks = {},
                            bool offer_main = true)
        : shard{options}
    {
        if (offer_main) namespaces.offer("/", main);
        namespaces.offer("/chat", chat);
        for (auto const name : {"/a", "/b", "/c"}) namespaces.offer(name, others);
        s = shard.open(wire, namespaces, speaks);
    }

    recording_namespace main;
    recording_namespace chat;
    recording_namespace others;
    sio::offered_namespaces namespaces;
    memory_shard shard;
    boost::intrusive_ptr<memory_websocket> wire{new memory_websocket};
    session_ptr s;

    void say(std::string_view packet) { wire->say(packet); }

    std::vector<std::string> heard()
    {
        shard.end_turn();
        return wire->heard();
    }

    // Joins a namespace as the client, and forgets the server's answer.
    sio::socket& join(recording_namespace& place, std::string_view packet)
    {
        wire->say(packet);
        heard();
        place.log.clear();
        return *place.last;
    }
    sio::socket& join_main() { return join(main, "40"); }
    sio::socket& join_chat() { return join(chat, "40/chat,"); }
};

}  // namespace notify::test
