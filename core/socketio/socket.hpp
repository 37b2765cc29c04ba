// SPDX-License-Identifier: MIT
//
// One Socket.IO namespace on one session: what an application holds a client by.
//
// Belongs to one shard; owned by its connection. A reference to it is good until
// on_disconnect() has returned; a timer or a coroutine that outlives this must
// be tied to data(), whose destruction says that the socket is gone.
//
// Every connected client has one, so it is small: at most 80 bytes (asserted in
// socket.cpp).
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

// Base of what an application keeps for a socket.
class socket_data {
public:
    virtual ~socket_data() = default;
};

class socket {
public:
    // What a client answered; not called if it leaves first.
    using ack_handler = std::function<void(json args)>;

    socket(connection& owner, ns const& place);
    ~socket();
    socket(socket const&) = delete;
    socket& operator=(socket const&) = delete;

    // The public id that the client knows this socket by; not a secret.
    [[nodiscard]] std::string_view id() const { return {id_.data(), id_.size()}; }
    [[nodiscard]] std::string_view ns_name() const;
    [[nodiscard]] eio::session& session() const;

    // Sends an event: data is an array, its name first; binary values go out as
    // attachments.
    void emit(json data);

    // As above, and calls on_ack with the arguments of the client's answer.
    void emit(json data, ack_handler on_ack);

    // Sends a frame that was encoded for this namespace: the road of a fan-out.
    void send(frame f);

    // Answers an event that asked for it. args is an array.
    void acknowledge(std::uint64_t id, json args);

    // Sends a DISCONNECT and ends this socket; the session stays. Ignored from
    // within on_disconnect().
    void disconnect();

    [[nodiscard]] socket_data* data() const { return data_.get(); }
    void set_data(std::unique_ptr<socket_data> data) { data_ = std::move(data); }

private:
    friend class connection;
    struct ack_table;

    void send_packet(bool is_ack, std::uint64_t const* id, json data);
    void on_ack(std::uint64_t id, json& args);

    connection& owner_;
    ns const& place_;
    std::unique_ptr<socket_data> data_;
    std::unique_ptr<ack_table> acks_;  // made by the first emit that asks for an answer
    url_safe_id id_;
};

}  // namespace notify::sio
