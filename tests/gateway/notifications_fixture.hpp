// SPDX-License-Identifier: MIT
//
// The namespace of notifications on one shard, with everything around it in memory:
// the clients' WebSockets, the broker, and whoever knows who they are.
#pragma once

#include "contract/identity_claim.hpp"
#include "gateway/notifications.hpp"
#include "pubsub/memory_broker.hpp"
#include "pubsub/memory_message_log.hpp"
#include "socketio/offered_namespaces.hpp"
#include "support/memory_identity.hpp"
#include "support/memory_shard.hpp"
#include "support/memory_websocket.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace notify::test {

// What a client hears, without the namespace that stands in each packet.
inline std::string internal(std::string_view type, std::string_view code, std::string_view message)
{
    std::string outcome = R"({"type":")";
    outcome.append(type).append(R"(","code":")").append(code).append(R"(","message":")");
    return outcome.append(message).append("\"}");
}
inline std::string event_of(std::string const& outcome)
{
    return R"(42["internal",)" + outcome + "]";
}
inline std::string ack_of(int id, std::string const& outcome)
{
    return "43" + std::to_string(id) + "[" + outcome + "]";
}

inline std::string const subscribed = internal("success", "SUBSCRIPTION_OK", "subscribed");

// A client of the namespace.
class tab {
public:
    tab(memory_shard& shard, sio::offered_namespaces& offered, std::string_view headers)
        : shard_{shard},
          s{shard.open(wire, offered, {},
                       headers.empty() ? nullptr : std::make_unique<eio::handshake>(headers, 1))}
    {
    }

    void connect(std::string_view auth = "") { say("40", auth); }
    void leave() { say("41", ""); }

    // Sends an event, and asks for an acknowledgement unless ack is "".
    void emit(std::string_view event, std::string_view ack = "")
    {
        say("42", std::string{ack}.append(event));
    }
    void ask(std::string_view uuid, std::string_view ack = "")
    {
        std::string event = R"(["subscribe-to-notifications",{"uuid":")";
        emit(event.append(uuid).append("\"}]"), ack);
    }
    void ask_by_cookies(std::string_view ack = "")
    {
        emit(R"(["subscribe-to-notifications-by-cookies"])", ack);
    }

    // What has arrived since the last call.
    std::vector<std::string> heard_all()
    {
        shard_.end_turn();
        std::vector<std::string> packets = wire->heard();
        for (std::string& p : packets)
            if (auto const at = p.find(place); at != p.npos) p.erase(at, place.size());
        return packets;
    }

    // The same, but for the answers to CONNECT.
    std::vector<std::string> heard()
    {
        std::vector<std::string> packets = heard_all();
        std::erase_if(packets, [](std::string const& p) { return p.starts_with("40"); });
        return packets;
    }

    // Why its session has ended, or "".
    [[nodiscard]] std::string ended() const
    {
        return wire->ended ? std::string{name_of(*wire->ended)} : "";
    }

private:
    static inline std::string const place = std::string{notifications_namespace} + ",";

    void say(std::string_view kind, std::string_view rest)
    {
        wire->say(std::string{kind} + place + std::string{rest});
    }

    memory_shard& shard_;

public:
    boost::intrusive_ptr<memory_websocket> const wire{new memory_websocket};
    session_ptr const s;
};

struct notifications_fixture {
    // recovery_window: without one there is no log either.
    explicit notifications_fixture(milliseconds user_timeout = milliseconds{0},
                                   hub_options const& options = {},
                                   std::chrono::seconds recovery_window = {})
        : channels{broker, shard.clock, options, recovery_window.count() > 0 ? &log : nullptr},
          handler{channels, who,          failed,
                  fresh,    user_timeout, {key, recovery_window, [this] { return unix_now; }}}
    {
        offered.offer(std::string{notifications_namespace}, handler);
        broker.come_up();
    }

    // Sockets leave their channels before these go.
    ~notifications_fixture()
    {
        for (auto const& s : shard.context.sessions.all()) s->close(eio::close_reason::shutdown);
    }

    tab open(std::string_view headers = "") { return {shard, offered, headers}; }

    // A client that has connected and asked for nothing yet.
    tab joined(std::string_view headers = "")
    {
        tab t = open(headers);
        t.connect();
        t.heard();
        return t;
    }

    // One that is subscribed to this user's notifications, and has heard so.
    tab following(char const* user)
    {
        tab t = joined();
        t.ask("u");
        who.answer(user);
        confirm(user);
        t.heard();
        return t;
    }

    void confirm(char const* user) { broker.confirm(channel_of(user)); }
    void publish(char const* user, std::string_view text)
    {
        broker.publish(channel_of(user), text);
    }

    // Stores a notification and publishes it.
    position send(char const* user, std::string const& message)
    {
        std::string const fields = "\"unread\":1,\"message\":\"" + message + "\"}";
        position const at = log.append(channel_of(user), fields);
        publish(user,
                "\x1e{\"id\":\"" + id_of(at) + "\",\"at\":" + std::to_string(at.at) + "," + fields);
        return at;
    }

    // Answers all that is asked of the log.
    void read()
    {
        while (log.waiting() > 0) log.answer();
    }

    static std::string channel_of(std::string const& user)
    {
        return "/app/user/" + user + "/notifications";
    }

    // Why somebody was not subscribed since the last call: `unknown_uuid 2: the newest sentence`.
    std::vector<std::string> failures()
    {
        std::vector<std::string> told;
        failed.take_new([&](subscription_failure why, std::uint64_t n, std::string_view sentence) {
            told.push_back(std::string{name_of(why)} + " " + std::to_string(n) + ": " +
                           std::string{sentence});
        });
        return told;
    }

    memory_shard shard;
    memory_broker broker;
    memory_message_log log;
    memory_identity who;
    net::io_context loop;  // nothing runs on it: the key is given
    redis::redis_client redis{loop.get_executor(), {}};
    shared_key key{redis, secret_key{"of the test"}};
    sio::unix_seconds unix_now = 1'800'000'000;
    failed_subscriptions failed;
    new_subscriptions fresh{false, ""};
    hub channels;
    notifications handler;
    sio::offered_namespaces offered;
};

}  // namespace notify::test
