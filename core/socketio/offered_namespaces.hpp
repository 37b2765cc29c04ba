// SPDX-License-Identifier: MIT
//
// The namespaces that an application offers. It begins Socket.IO on each session that the Engine.IO
// layer accepts.
//
// `/` is always there: the reference server lets everybody into it, and old clients are in it
// without asking. If the application does not offer it, an empty handler stands in for it, and
// being there does not count as having joined.
//
// One for each shard. It must not change once sessions are accepted, and must outlive them.
#pragma once

#include "session/session_context.hpp"
#include "socketio/namespace_handler.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace notify::sio {

// One namespace as it is offered. Sockets hold a reference to it, which saves each of them a copy
// of the name.
struct ns {
    std::string name;            // with its slash: "/io/user/notifications"
    namespace_handler* handler;  // not null
    // False for a `/` that the application does not offer.
    bool is_served = true;
};

class offered_namespaces final : public eio::session_acceptor {
public:
    // Offers a namespace. REQUIRES: name begins with a slash and is not offered yet; handler
    // outlives the sessions; no session has been accepted.
    void offer(std::string name, namespace_handler& handler);

    // Returns the namespace of this name, or null. The pointer stays valid.
    [[nodiscard]] ns const* find(std::string_view name) const;

    // Returns the handler that speaks Socket.IO on s. Throws std::bad_alloc.
    [[nodiscard]] std::unique_ptr<eio::session_handler> accept(eio::session& s) override;

private:
    namespace_handler nobody_;
    ns const empty_root_{"/", &nobody_, false};
    std::vector<std::unique_ptr<ns>> offered_;  // few; sockets refer to them
};

}  // namespace notify::sio
