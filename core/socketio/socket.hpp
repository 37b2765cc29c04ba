// SPDX-License-Identifier: MIT
//
// One client in one Socket.IO namespace: what an application holds a client by.
//
// Owned by its connection, on its shard. A reference to it is valid until on_disconnect() has
// returned. Whatever may outlive that (a timer, a question to Redis) belongs into data(), whose
// destruction ends it: that is how notifications forget a question whose client has left.
//
// A socket is the one object that each connected client has per namespace, so it is small: at most
// 80 bytes (asserted in socket.cpp). The table of acknowledgements is a pointer, because few
// applications ask for any.
#pragma once

#include "base/json.hpp"
#include "base/random.hpp"
#include "protocol/frame.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string_view>

namespace notify::eio {
class session;
}

namespace notify::sio {

struct ns;
class connection;

// Base of what an application keeps for a socket. Destroyed after on_disconnect().
class socket_data {
public:
    virtual ~socket_data() = default;
};

class socket {
public:
    // Gets the arguments of the client's answer, as an array. Destroyed uncalled if the client
    // leaves first.
    using ack_handler = std::function<void(json args)>;

    // Takes a new random id. REQUIRES: owner and place outlive it.
    socket(connection& owner, ns const& place);
    ~socket();
    socket(socket const&) = delete;
    socket& operator=(socket const&) = delete;

    // The id that the client knows this socket by. It is not the session's id, which is a secret.
    // Nothing is found by it: two sockets may have one id for a while, when a client comes back
    // before its old connection is known to be dead, and each is on its own.
    [[nodiscard]] std::string_view id() const { return {id_.data(), id_.size()}; }
    [[nodiscard]] url_safe_id const& sid() const { return id_; }
    // Gives it the id that it had in an earlier connection. REQUIRES: not welcomed().
    void restore(url_safe_id const& id) { id_ = id; }

    // Answers CONNECT: the client may send from now on. pid: by what it may come back
    // (socketio/recovery); "" for none. REQUIRES: not welcomed().
    void welcome(std::string_view pid = {});
    // True if CONNECT has been answered.
    [[nodiscard]] bool welcomed() const { return welcomed_; }
    // "/io/user/notifications"; valid as long as the server runs.
    [[nodiscard]] std::string_view ns_name() const;
    [[nodiscard]] eio::session& session() const;

    // Sends an event. data is an array with the name first; binary values in it go out as
    // attachments, after the event. All functions that send only queue (session::send): they do not
    // fail, and do nothing once the session has ended. A client that does not read is closed by the
    // next flush. They throw std::bad_alloc without memory to encode.
    void emit(json data);

    // As above, and asks for an acknowledgement: on_ack is called at most once.
    void emit(json data, ack_handler on_ack);

    // Sends a frame that has been encoded for this namespace. The road of a fan-out: one frame goes
    // to all sockets of a channel, and this costs a pointer.
    void send(frame f);

    // Answers an event that asked for it; args is an array. REQUIRES: called once for each
    // event::ack.
    void acknowledge(std::uint64_t id, json args);

    // Sends DISCONNECT and ends this socket, which is destroyed before this returns; the session
    // goes on. Ignored from within on_disconnect(), where it is ending already.
    void disconnect();

    // What the application keeps for this socket; null until it has set something.
    [[nodiscard]] socket_data* data() const { return data_.get(); }
    void set_data(std::unique_ptr<socket_data> data) { data_ = std::move(data); }

private:
    friend class connection;
    struct ack_table;

    // id: of the acknowledgement that is asked for or given; null for none.
    void send_packet(bool is_ack, std::uint64_t const* id, json data);
    // An acknowledgement came. One that nobody asked for, or a second one, is ignored: a stranger
    // may send any.
    void on_ack(std::uint64_t id, json& args);

    connection& owner_;
    ns const& place_;
    std::unique_ptr<socket_data> data_;
    std::unique_ptr<ack_table> acks_;  // made by the first emit that asks for an answer
    url_safe_id id_;                   // 20 characters, without a terminating null
    bool welcomed_ = false;
};

}  // namespace notify::sio
