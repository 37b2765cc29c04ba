// SPDX-License-Identifier: MIT
//
// Socket.IO on one Engine.IO session: joins and leaves namespaces, collects binary attachments, and
// hands events to the handlers of the namespaces (docs/protocol.md, Socket.IO 5 and 4).
//
// The session calls it with whole messages; it calls namespace_handler and socket, the only two
// types that an application sees. It knows nothing of transports.
//
// It speaks two versions. Protocol 5 goes over Engine.IO 4; protocol 4 goes over Engine.IO 3, where
// a client is in `/` from the start, names a namespace with a query (`/chat?token=1`), and gets a
// CONNECT without a payload and a CONNECT_ERROR that is a string. Otherwise packets are the same.
//
// A packet that the protocol does not allow ends the session (parse_error), as with the reference
// server: the client has lost its place, and a reply would not help it.
//
// Owned by its session, on its shard. A handler may end its socket, other sockets or the session
// from within any call; so nothing here touches a socket after its handler was called.
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

// Invariants: at most one socket per namespace; at most max_namespaces of them in namespaces that
// are served; while there is no such socket, the session has a deadline (connect_timeout).
class connection final : public eio::session_handler {
public:
    // Sets the deadline to join a first namespace. REQUIRES: offered outlives the session, whose
    // handler this is.
    connection(offered_namespaces const& offered, eio::session& session);
    ~connection() override;

    [[nodiscard]] eio::session& session() const { return session_; }

    // True while s is one of its sockets: until remove() or the end of the session has taken s out,
    // which is before on_disconnect().
    [[nodiscard]] bool has(socket const& s) const;

    // Takes a socket out, calls its handler's on_disconnect() and destroys it. If it was the last
    // one in a served namespace, connect_timeout begins. REQUIRES: has(s). s is gone afterwards,
    // and so may be the session's other sockets.
    void remove(socket& s, eio::close_reason reason);

private:
    struct pending;  // a binary packet whose attachments are not all here yet

    // Of eio::session_handler. Views are valid during the call.
    void on_open() override;
    void on_text(std::string_view message) override;
    void on_binary(std::string_view message) override;
    void on_deadline() override;
    void on_ping() override;
    void on_close(eio::close_reason reason) override;

    // p is whole here, with all its attachments. data is the parsed JSON and may be moved from.
    void on_packet(packet const& p, json& data);
    void on_connect(packet const& p, json& auth);
    // Lets the client into a namespace and answers CONNECT; or refuses it, or ends the session.
    void join(std::string_view ns_name, json const& auth);
    // Answers CONNECT_ERROR. The client may try again until connect_timeout is over.
    void refuse(std::string_view ns_name, std::string_view why);
    // The socket in this namespace, or null. There are a few at most, so a list is searched.
    [[nodiscard]] socket* find(std::string_view ns_name) const;
    // How many sockets are in namespaces that the application serves. A `/` that nobody serves does
    // not count.
    [[nodiscard]] std::size_t joined() const;
    // Ends the session (parse_error).
    void fail();

    offered_namespaces const& offered_;
    eio::session& session_;
    std::vector<std::unique_ptr<socket>> sockets_;
    std::unique_ptr<pending> pending_;  // null unless attachments are due
};

}  // namespace notify::sio
