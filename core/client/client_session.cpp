// SPDX-License-Identifier: MIT
#include "client/client_session.hpp"

#include "base/json.hpp"
#include "base/random.hpp"
#include "contract/identity_claim.hpp"
#include "contract/internal_event.hpp"
#include "contract/notification.hpp"
#include "protocol/engine_packet.hpp"
#include "protocol/socket_packet.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

namespace notify {

namespace {

using kind = client_session::decision::kind;

// In milliseconds, a day. The greeting is a stranger's, and the sum of two numbers from it and the
// clock's time has to stay in range: 9223372036854775807 would overflow.
constexpr std::int64_t longest_heartbeat = 24 * 3'600'000;

client_session::decision lost(std::string why) { return {kind::lost, std::move(why)}; }

client_session::decision broken(std::string_view what)
{
    return lost(fmt::format("the gateway broke the protocol: {}", what));
}

// Returns a number of milliseconds from the greeting; nothing if it is missing, no integer, or out
// of range.
std::optional<std::chrono::milliseconds> find_milliseconds(json const& object, char const* name)
{
    auto const found = object.find(name);
    if (found == object.end() || !found->is_number_integer()) return {};
    auto const n = found->get<std::int64_t>();
    if (n < 0 || n > longest_heartbeat) return {};
    return std::chrono::milliseconds{n};
}

// Returns why the server refused the namespace. A connect_error carries {"message":"…"}, or a plain
// string in version 4 of Socket.IO's protocol.
std::string reason_of(sio::packet const& p)
{
    auto const data = sio::parse_data(p);
    if (!data) return "(nothing)";
    return data->is_string() ? data->get<std::string>() : text_or_nothing(*data, "message");
}

}  // namespace

client_session::decision client_session::on_message(ws::event const& message, time_point now)
{
    if (now >= due_) return on_silence();  // it talks, but not about what is due
    switch (message.what) {
    case ws::event::kind::text: return on_engine_packet(message.payload, now);
    case ws::event::kind::ping: send(ws::opcode::pong, message.payload); return {};
    case ws::event::kind::close: return on_close(message);
    case ws::event::kind::error: send_close(message.code); return broken(message.payload);
    case ws::event::kind::need_more:
    case ws::event::kind::pong:
    case ws::event::kind::binary: break;  // an attachment: no event of the contract has one
    }
    return {};
}

client_session::decision client_session::on_silence() const
{
    auto const seconds = [](milliseconds time) {
        return fmt::format("{:g} s", std::chrono::duration<double>(time).count());
    };
    switch (state_) {
    case state::opening:
    case state::connecting:
        return lost(fmt::format("the gateway did not greet within {}", seconds(patience)));
    case state::subscribing:
        return lost(fmt::format("the gateway did not confirm the subscription within {}",
                                seconds(patience)));
    case state::subscribed: break;
    }
    return lost(fmt::format("no sign of life from the gateway for {}", seconds(heartbeat_)));
}

// One packet of Engine.IO is one text message: a digit for the type, then its data.
client_session::decision client_session::on_engine_packet(std::string_view text, time_point now)
{
    auto const packet = eio::parse_packet(text);
    if (!packet) return broken("a packet of an unknown type");
    if (state_ == state::opening && packet->type != eio::packet_type::open)
        return broken("it did not greet first; is this a Socket.IO server?");
    switch (packet->type) {
    case eio::packet_type::open: return on_open(packet->data);
    case eio::packet_type::close: return lost("the gateway ended the session");
    case eio::packet_type::ping: return on_ping(packet->data, now);
    case eio::packet_type::message: return on_socket_packet(packet->data, now);
    case eio::packet_type::pong:
    case eio::packet_type::upgrade:
    case eio::packet_type::noop: break;
    }
    return {};
}

// The greeting: {"sid":"…","pingInterval":25000,"pingTimeout":20000,…}. Without the two times there
// is no telling when the connection is dead, so they are required; both 0 would mean that it is
// dead at once. The sid is not needed: it is for requests that join a session.
client_session::decision client_session::on_open(std::string_view handshake)
{
    if (state_ != state::opening) return broken("it greeted twice");
    auto const data = parse_json(handshake);
    if (!data || !data->is_object()) return broken("its greeting is not a JSON object");
    auto const interval = find_milliseconds(*data, "pingInterval");
    auto const timeout = find_milliseconds(*data, "pingTimeout");
    if (!interval || !timeout || *interval + *timeout == milliseconds{0})
        return broken("its greeting does not say how often it pings");
    heartbeat_ = *interval + *timeout;
    state_ = state::connecting;
    send(ws::opcode::text,
         sio::begin_packet(sio::packet_type::connect, notifications_namespace) + auth_);
    return {};
}

// The pong repeats the ping's data. The gateway sends none.
client_session::decision client_session::on_ping(std::string_view data, time_point now)
{
    send(ws::opcode::text, fmt::format("3{}", data));
    // Not before the subscription is confirmed: a gateway that pings but cannot reach Redis would
    // be waited for without end.
    if (state_ == state::subscribed) due_ = now + heartbeat_;
    return {};
}

// Takes a packet of Socket.IO, which is the data of a message of Engine.IO. A namespace that we
// have not joined is a server's own affair.
client_session::decision client_session::on_socket_packet(std::string_view text, time_point now)
{
    auto const packet = sio::parse_packet(text);
    if (!packet) return broken("a Socket.IO packet that cannot be read");
    if (packet->ns != notifications_namespace) return {};
    switch (packet->type) {
    case sio::packet_type::connect:
        if (state_ != state::connecting) return broken("it let us in twice");
        state_ = state::subscribing;
        due_ = now + patience;
        return {};
    case sio::packet_type::connect_error: return {kind::refused, reason_of(*packet)};
    case sio::packet_type::disconnect: return lost("the gateway closed the namespace");
    case sio::packet_type::event:
        if (state_ == state::connecting) return broken("an event before it let us in");
        return on_event(*packet, now);
    case sio::packet_type::ack:
    case sio::packet_type::binary_event:
    case sio::packet_type::binary_ack: break;  // nothing that we have asked for
    }
    return {};
}

// What was missed comes before the confirmation, and may be much: each of it is waited for anew.
client_session::decision client_session::on_event(sio::packet const& packet, time_point now)
{
    auto const event = sio::parse_data(packet);
    if (!event) return broken("an event that cannot be read");
    if (state_ == state::subscribing && position_of(*event)) due_ = now + patience;
    if (event->front() == "notification") return {kind::notification, {}, notification_of(*event)};
    if (event->front() == "internal" && event->size() > 1) return on_internal(*event, now);
    return {};
}

// The event `internal` says how the subscription went. An error before the confirmation is a
// refusal: the identity does not work. After the confirmation the identity has worked, and the
// gateway has lost the user's channel; so that is a loss, after which another try makes sense. A
// gap, and a message that was too large, are errors by their type, but the subscription goes on.
client_session::decision client_session::on_internal(json const& event, time_point now)
{
    auto const news = internal_event_of(event);
    auto const where = position_of(event);
    if (news.code == name_of(internal_code::subscription_ok)) {
        state_ = state::subscribed;
        due_ = now + heartbeat_;
        return {kind::subscribed, {}, {}, where};
    }
    if (news.code == name_of(internal_code::message_too_large)) return {kind::missed, news.message};
    if (news.code == name_of(internal_code::gap)) return {kind::gap};
    if (news.type != "error") return {kind::none, {}, {}, where};
    auto const why = fmt::format("{}: {}", news.code, news.message);
    if (state_ == state::subscribed) return lost(why);
    return {kind::refused, why};
}

// Answers with the server's own code, as RFC 6455 section 5.5.1 recommends.
client_session::decision client_session::on_close(ws::event const& message)
{
    send_close(message.code);
    return lost(fmt::format("the gateway closed the connection ({}{}{})", message.code,
                            message.payload.empty() ? "" : " ", message.payload));
}

void client_session::send(ws::opcode op, std::string_view payload)
{
    // RFC 6455 section 5.3: each frame needs a fresh key that nobody can guess.
    std::array<std::uint8_t, 4> key;
    fill_random(key);
    ws::append_masked_frame(output_, op, payload, std::bit_cast<std::uint32_t>(key));
}

void client_session::send_close(std::uint16_t code)
{
    if (code == 1005) return send(ws::opcode::close, {});  // "no code" may not be sent (7.4.1)
    std::array<char, 2> const bytes{static_cast<char>(code >> 8), static_cast<char>(code)};
    send(ws::opcode::close, {bytes.data(), bytes.size()});
}

}  // namespace notify
