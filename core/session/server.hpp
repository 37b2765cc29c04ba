// SPDX-License-Identifier: MIT
//
// A Socket.IO server: the namespaces that an application offers. One for each
// shard; it must not change once sessions are accepted.
#pragma once

#include "session/session_context.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace notify::sio {

class namespace_handler;

// One namespace as it is offered.
struct ns {
    std::string name;
    namespace_handler* handler;
};

class server final : public eio::session_acceptor {
public:
    // Offers a namespace, "/" or "/name".
    // REQUIRES: handler outlives the server's sessions.
    void offer(std::string name, namespace_handler& handler);

    [[nodiscard]] ns const* find(std::string_view name) const;

    [[nodiscard]] std::unique_ptr<eio::session_handler> accept(eio::session& s) override;

private:
    std::vector<std::unique_ptr<ns>> offered_;  // few, and sockets point at them
};

}  // namespace notify::sio
