// SPDX-License-Identifier: MIT
#include "socketio/connection.hpp"

#include "base/form.hpp"
#include "session/session_context.hpp"
#include "socketio/namespace_handler.hpp"
#include "socketio/offered_namespaces.hpp"
#include "socketio/socket.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace notify::sio {

using eio::close_reason;

// A binary packet while its attachments come. Its JSON is checked when it comes, but kept as text:
// as JSON values a megabyte of `{},{},{}` takes more than twenty, for as long as the client likes
// to wait with its attachments.
struct connection::pending {
    std::string text;
    std::size_t due;  // attachments that the packet has announced
    std::vector<std::string> attachments;
    std::size_t bytes = text.size();  // of the text and of all attachments so far
};

connection::connection(offered_namespaces const& offered, eio::session& session)
    : offered_{offered}, session_{session}
{
    session_.set_deadline(session_.context().options.connect_timeout);
}

connection::~connection() = default;

socket* connection::find(std::string_view ns_name) const
{
    auto const found =
        std::find_if(sockets_.begin(), sockets_.end(),
                     [&](std::unique_ptr<socket> const& s) { return s->ns_name() == ns_name; });
    return found == sockets_.end() ? nullptr : found->get();
}

// How many of the application's namespaces it is in.
std::size_t connection::joined() const
{
    auto const is_served = [](std::unique_ptr<socket> const& s) { return s->place_.is_served; };
    return static_cast<std::size_t>(std::count_if(sockets_.begin(), sockets_.end(), is_served));
}

// A client of protocol 4 does not ask for `/`: it is in it, and waits to be told so.
void connection::on_open()
{
    if (session_.speaks().is_v3()) join("/", json::object());
}

void connection::fail() { session_.close(close_reason::parse_error); }

// All of a packet is checked before anything is kept, so that a broken one ends the session at once
// and not when its last attachment has come.
void connection::on_text(std::string_view message)
{
    if (pending_) return fail();  // attachments are due before any other message
    auto const p = parse_packet(message);
    if (!p) return fail();
    auto data = parse_data(*p);
    if (!data) return fail();
    json_scope const scope{*data};
    if (p->attachments == 0) return on_packet(*p, *data);
    pending_ = std::make_unique<pending>(pending{std::string{message}, p->attachments, {}});
}

// One attachment of the packet that is waiting. A message counts with its attachments: they may be
// as long together as one message without (max_payload). Otherwise ten attachments would allow ten
// times the memory.
void connection::on_binary(std::string_view message)
{
    if (!pending_) return fail();
    pending_->bytes += message.size();
    if (pending_->bytes > session_.context().options.max_payload)
        return session_.close(close_reason::too_large);
    pending_->attachments.emplace_back(message);
    if (pending_->attachments.size() < pending_->due) return;
    auto const whole = std::move(pending_);
    auto const p = parse_packet(whole->text);  // on_text() has accepted it, so this cannot fail
    auto data = parse_data(*p);
    json_scope const scope{*data};
    if (!put_attachments(*data, whole->attachments)) return fail();
    on_packet(*p, *data);
}

// The only packet that may come for a namespace that is not joined is CONNECT, and it may come for
// no other.
void connection::on_packet(packet const& p, json& data)
{
    socket* const s = find(p.ns);
    if (!s) return p.type == packet_type::connect ? on_connect(p, data) : fail();
    switch (p.type) {
    case packet_type::event:
    case packet_type::binary_event: return s->place_.handler->on_event(*s, event{data, p.id});
    case packet_type::ack:
    case packet_type::binary_ack: return p.id ? s->on_ack(*p.id, data) : fail();
    case packet_type::disconnect: return remove(*s, close_reason::client_closed);
    case packet_type::connect:
    case packet_type::connect_error: return fail();  // joined twice, or a server's packet
    }
}

// In protocol 4 the query of the namespace takes the place of auth. Its values are text; the name
// ends at the `?`.
void connection::on_connect(packet const& p, json& auth)
{
    if (auth.is_null()) auth = json::object();
    if (!session_.speaks().is_v3()) return join(p.ns, auth);
    std::size_t const mark = std::min(p.ns.find('?'), p.ns.size());
    form_reader query{p.ns.substr(std::min(mark + 1, p.ns.size()))};
    while (auto const field = query.next()) auth[field->first] = field->second;
    join(p.ns.substr(0, mark), auth);
}

// The order of the checks is visible to clients: an unknown namespace is refused even if the client
// is in too many, and too many ends the session before the application is asked.
//
// CONNECT is answered before on_connect() is called: what the handler emits follows the answer, as
// clients expect. A handler that welcomes later sends it itself. Meanwhile the socket is there: it
// counts as joined, a second CONNECT is an error, and what the client sends without having waited
// for the answer reaches the handler.
//
// A `/` that nobody serves is joined without ending the deadline: clients of protocol 4 are in it
// always, and would otherwise be kept for nothing.
void connection::join(std::string_view ns_name, json const& auth)
{
    ns const* const place = offered_.find(ns_name);
    if (!place) return refuse(ns_name, "Invalid namespace");
    if (find(ns_name)) return fail();  // in protocol 4 it may have another query
    if (place->is_served && joined() >= session_.context().options.max_namespaces)
        return session_.close(close_reason::too_many);
    if (auto const why = place->handler->reason_to_refuse(session_.request(), auth))
        return refuse(ns_name, *why);

    sockets_.push_back(std::make_unique<socket>(*this, *place));
    socket& s = *sockets_.back();
    if (place->is_served && joined() == 1) session_.clear_deadline();
    if (session_.speaks().is_v3() || !place->handler->welcomes_later(session_.request(), auth))
        s.welcome();
    place->handler->on_connect(s, auth);
}

void connection::refuse(std::string_view ns_name, std::string_view why)
{
    std::string answer = begin_packet(packet_type::connect_error, ns_name);
    bool const is_text = session_.speaks().is_v3();
    if (!is_text) answer += R"({"message":)";
    append_json_string(answer, why);
    if (!is_text) answer += '}';
    session_.send(frame::text(answer));
}

// By address only: s may be a reference to a socket that is being destroyed.
bool connection::has(socket const& s) const
{
    return std::any_of(sockets_.begin(), sockets_.end(),
                       [&](auto const& owned) { return owned.get() == &s; });
}

void connection::remove(socket& s, close_reason reason)
{
    auto const found = std::find_if(sockets_.begin(), sockets_.end(),
                                    [&](auto const& owned) { return owned.get() == &s; });
    // Taken out before the handler is called. It may end the session, which ends all sockets that
    // are left, and this one must not be told twice.
    auto const leaving = std::move(*found);
    sockets_.erase(found);
    if (leaving->place_.is_served && joined() == 0 && session_.open())
        session_.set_deadline(session_.context().options.connect_timeout);
    leaving->place_.handler->on_disconnect(*leaving, reason);
}

// A client that has joined has no deadline but the one that its application has set; in notify that
// is --user-timeout.
void connection::on_deadline()
{
    session_.close(joined() == 0 ? close_reason::no_connect : close_reason::no_user);
}

void connection::on_ping()
{
    for (auto const& s : sockets_) s->place_.handler->on_ping(*s);
}

// The list is moved out first: a handler may call disconnect() for any socket, which has() then
// ignores.
void connection::on_close(close_reason reason)
{
    pending_.reset();
    for (auto const sockets = std::move(sockets_); auto const& s : sockets)
        s->place_.handler->on_disconnect(*s, reason);
}

}  // namespace notify::sio
