// SPDX-License-Identifier: MIT
//
// Socket.IO on one Engine.IO session: joins and leaves namespaces, collects
// binary attachments, and hands events to the namespaces' handlers. Anything that
// is not as the protocol says closes the session (parse_error).
//
// It is protocol 5, or protocol 4 over Engine.IO 3 (docs/protocol.md, Socket.IO 5
// and 4): the packets are the same, but a client of protocol 4 is in "/" from the
// start, names namespaces with a query, and is answered CONNECT without a payload.
//
// Owned by its session, on its shard.
#pragma once

#include "protocol/socket_packet.hpp"
#include "session/session.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace notify::sio {

class offered_namespaces;
class socket;

class connection final : public eio::session_handler {
public:
    connection(offered_namespaces const& offered, eio::session& session);
    ~connection() override;

    [[nodiscard]] eio::session& session() const { return session_; }

    // True until s is being removed, or the session has ended.
    [[nodiscard]] bool has(socket const& s) const;

    // Ends one socket; a connection without any that is served has connect_timeout
    // to join another.
    // REQUIRES: has(s).
    void remove(socket& s, eio::close_reason reason);

private:
    struct pending;  // a binary packet whose attachments are not all here yet

    void on_open() override;
    void on_text(std::string_view message) override;
    void on_binary(std::string_view message) override;
    void on_deadline() override;
    void on_close(eio::close_reason reason) override;

    void on_packet(packet const& p, json& data);
    void on_connect(packet const& p, json& auth);
    void join(std::string_view ns_name, json const& auth);
    void refuse(std::string_view ns_name, std::string_view why);
    [[nodiscard]] socket* find(std::string_view ns_name) const;
    [[nodiscard]] std::size_t joined() const;
    void fail();

    offered_namespaces const& offered_;
    eio::session& session_;
    std::vector<std::unique_ptr<socket>> sockets_;
    std::unique_ptr<pending> pending_;
};

}  // namespace notify::sio
