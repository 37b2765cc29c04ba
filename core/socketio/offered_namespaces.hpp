// SPDX-License-Identifier: MIT
//
// The namespaces that an application offers, and `/`, which every client may join as
// it may with the reference server: a session that is accepted begins to speak
// Socket.IO. One for each shard; it must not change once sessions are accepted.
#pragma once

#include "session/session_context.hpp"
#include "socketio/namespace_handler.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace notify::sio {

// One namespace as it is offered.
struct ns {
    std::string name;
    namespace_handler* handler;
    // False of a `/` that the application does not offer: who is there has joined nothing.
    bool is_served = true;
};

class offered_namespaces final : public eio::session_acceptor {
public:
    // Offers a namespace, "/" or "/name".
    // REQUIRES: handler outlives the sessions.
    void offer(std::string name, namespace_handler& handler);

    // The namespace of this name, or null. `/` is always there.
    [[nodiscard]] ns const* find(std::string_view name) const;

    [[nodiscard]] std::unique_ptr<eio::session_handler> accept(eio::session& s) override;

private:
    namespace_handler nobody_;
    ns const empty_root_{"/", &nobody_, false};
    std::vector<std::unique_ptr<ns>> offered_;  // few, and sockets point at them
};

}  // namespace notify::sio
