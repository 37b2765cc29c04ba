// SPDX-License-Identifier: MIT
#include "gateway/session_follower.hpp"

#include "identity/cookie.hpp"
#include "protocol/socket_packet.hpp"
#include "session/session.hpp"
#include "socketio/socket.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <string>

namespace notify {

namespace {

constexpr std::string_view placeholder = "{session}";

// Encodes a message as ["message","<the text>"]. The text is a JSON string even if it is JSON
// itself; pages parse it.
class message_feed final : public feed {
public:
    [[nodiscard]] frame encode(std::string_view payload) const override
    {
        std::string storage;
        return frame::text({before_, json_string_content(payload, storage), "\"]"});
    }

    [[nodiscard]] frame encode(stored_entry const& e) const override
    {
        return encode(object_of(e));
    }

private:
    // The same for every message, so it is made once.
    std::string const before_ = sio::begin_packet(sio::packet_type::event, "/") + R"(["message",")";
};

message_feed const as_message;

// Printable ASCII but `/`, which separates the parts of a channel's name.
bool is_session_character(char c) { return c > ' ' && c < 0x7f && c != '/'; }

}  // namespace

std::optional<std::string> session_channel(std::string_view pattern, std::string_view session)
{
    if (session.empty() || session.size() > 256) return std::nullopt;
    if (!std::all_of(session.begin(), session.end(), is_session_character)) return std::nullopt;
    std::string channel{pattern};
    if (auto const at = channel.find(placeholder); at != channel.npos)
        channel.replace(at, placeholder.size(), session);
    return channel;
}

// One socket on its session's channel. It is a subscriber and no more: everything else is known
// when it connects.
class session_follower::subscription final : public sio::socket_data, public subscriber {
public:
    subscription(session_follower& owner, sio::socket& s)
        : subscriber{as_message}, owner_{owner}, socket_{s}
    {
    }

private:
    // Pages of this mode are not told: they show what arrives.
    void on_subscribed(std::optional<position> const&) noexcept override {}

    // Pages of this mode know no `internal` event. Where other clients are told that they have
    // missed something, these are disconnected, and their library connects again.
    void on_resubscribed() noexcept override
    {
        socket_.session().close_soon(eio::close_reason::unsubscribed);
    }

    void on_gap() noexcept override { on_resubscribed(); }

    // If counting fails for want of memory, the session ends all the same.
    void on_subscribe_failed(subscribe_error why) noexcept override
    {
        socket_.session().attempt([&] { owner_.failed_.add(failure_of(why), sentence_of(why)); });
        socket_.session().close_soon(eio::close_reason::unsubscribed);
    }

    void on_message(frame const& f) override { socket_.send(f); }
    // Dropped without a word, as the contract says; the hub counts it.
    void on_too_large(std::size_t) noexcept override {}
    void on_missed(std::exception const& why) noexcept override { socket_.session().fail(why); }

    session_follower& owner_;
    sio::socket& socket_;
};

std::optional<std::string> session_follower::channel_for(eio::handshake const& request) const
{
    auto const session = cookie_value(request.cookie(), mode_.cookie);
    return session ? session_channel(mode_.channel, *session) : std::nullopt;
}

std::optional<std::string> session_follower::reason_to_refuse(eio::handshake const& request,
                                                              json const&)
{
    if (channel_for(request)) return std::nullopt;
    return fmt::format("no usable '{}' cookie: log in first", mode_.cookie);
}

// reason_to_refuse() has found a channel, so there is one. join() may call back before it returns;
// the subscription is the socket's data by then.
void session_follower::on_connect(sio::socket& s, json const&)
{
    auto sub = std::make_unique<subscription>(*this, s);
    subscriber& joining = *sub;
    s.set_data(std::move(sub));
    hub_.join(*channel_for(s.session().request()), joining);
}

}  // namespace notify
