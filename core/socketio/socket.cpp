// SPDX-License-Identifier: MIT
#include "socketio/socket.hpp"

#include "protocol/socket_packet.hpp"
#include "session/session.hpp"
#include "socketio/connection.hpp"
#include "socketio/offered_namespaces.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iterator>

namespace notify::sio {

static_assert(sizeof(socket) <= 80, "connected clients are many: keep their sockets small");

// The acknowledgements that this server waits for. Ids count from 0 for each socket, as with the
// reference server; a client only sends them back.
struct socket::ack_table {
    std::uint64_t next = 0;
    std::map<std::uint64_t, ack_handler> waiting;
};

socket::socket(connection& owner, ns const& place) : owner_{owner}, place_{place}, id_{random_id()}
{
}

socket::~socket() = default;

std::string_view socket::ns_name() const { return place_.name; }

// Asked of the owner instead of kept: eight bytes fewer for each client.
eio::session& socket::session() const { return owner_.session(); }

// In protocol 4 the answer is empty. A pid is URL-safe and needs no escape.
void socket::welcome(std::string_view pid)
{
    welcomed_ = true;
    std::string answer = begin_packet(packet_type::connect, ns_name());
    if (!session().speaks().is_v3()) {
        fmt::format_to(std::back_inserter(answer), R"({{"sid":"{}")", id());
        if (!pid.empty()) fmt::format_to(std::back_inserter(answer), R"(,"pid":"{}")", pid);
        answer += '}';
    }
    send(frame::text(answer));
}

void socket::send(frame f) { session().send(std::move(f)); }

void socket::emit(json data) { send_packet(false, nullptr, std::move(data)); }

void socket::emit(json data, ack_handler on_ack)
{
    if (!acks_) acks_ = std::make_unique<ack_table>();
    std::uint64_t const id = acks_->next++;
    acks_->waiting.emplace(id, std::move(on_ack));
    send_packet(false, &id, std::move(data));
}

void socket::acknowledge(std::uint64_t id, json args) { send_packet(true, &id, std::move(args)); }

// Binary values leave the JSON, in the order in which they stand, and follow as messages of their
// own. Nothing can come between them: the outbox keeps the order of send().
void socket::send_packet(bool is_ack, std::uint64_t const* id, json data)
{
    auto const attachments = take_attachments(data);
    packet_type type = is_ack ? packet_type::ack : packet_type::event;
    if (!attachments.empty()) type = is_ack ? packet_type::binary_ack : packet_type::binary_event;
    std::string packet =
        begin_packet(type, ns_name(), id ? std::optional{*id} : std::nullopt, attachments.size());
    packet += to_text(data);
    send(frame::text(packet));
    for (std::string const& bytes : attachments) send(frame::binary(bytes));
}

void socket::on_ack(std::uint64_t id, json& args)
{
    if (!acks_) return;
    auto const found = acks_->waiting.find(id);
    if (found == acks_->waiting.end()) return;  // answered twice, or never asked
    // Out of the table before it is called: it may ask again, or end this socket.
    auto const handler = std::move(found->second);
    acks_->waiting.erase(found);
    handler(std::move(args));
}

void socket::disconnect()
{
    if (!owner_.has(*this)) return;  // on_disconnect() is being called already
    send(frame::text(begin_packet(packet_type::disconnect, ns_name())));
    owner_.remove(*this, eio::close_reason::disconnected);
}

}  // namespace notify::sio
