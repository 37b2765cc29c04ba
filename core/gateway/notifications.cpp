// SPDX-License-Identifier: MIT
#include "gateway/notifications.hpp"

#include "identity/user_id.hpp"
#include "protocol/socket_packet.hpp"
#include "session/session.hpp"
#include "session/socket.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

namespace notify {

namespace {

// ["notification",{"message":"<text published>"}], encoded once for all tabs.
class notification_feed final : public feed {
public:
    [[nodiscard]] frame encode(std::string_view payload) const override
    {
        std::string packet = sio::begin_packet(sio::packet_type::event, notifications::ns_name);
        packet.reserve(packet.size() + payload.size() + 40);  // or it would grow three times
        packet += R"(["notification",{"message":)";
        append_json_string(packet, payload);
        packet += "}]";
        return frame::text(packet);
    }
};

notification_feed const as_notification;

json internal_event(std::string_view type, std::string_view code, std::string_view message)
{
    return json::array({"internal", {{"type", type}, {"code", code}, {"message", message}}});
}

}  // namespace

// What a socket has asked for, and whose messages it gets.
class notifications::subscription final : public sio::socket_data,
                                          public subscriber,
                                          public identity_listener {
public:
    subscription(notifications& owner, sio::socket& s)
        : subscriber{as_notification}, owner_{owner}, socket_{s}
    {
    }

    // A request that equals the one under way shares its answer: a uuidCookie can
    // be used once only. A different one takes its place.
    void subscribe_by_uuid(std::string_view uuid)
    {
        if (waiting() && !by_cookies_ && uuid_ && *uuid_ == uuid) return;
        stop_waiting();
        by_cookies_ = false;
        uuid_ = std::make_unique<std::string>(uuid);
        owner_.identity_.by_uuid(uuid, *this);
    }

    void subscribe_by_cookies()
    {
        if (waiting() && by_cookies_) return;
        stop_waiting();
        by_cookies_ = true;
        uuid_.reset();
        owner_.identity_.by_cookies(socket_.session().request().cookie, *this);
    }

private:
    void on_identity(identity_answer const& who) override
    {
        uuid_.reset();
        if (!who) {
            owner_.failed_.add(failure_of(who.error().code), who.error().message);
            // Where Redis is, and how it failed, is for the log only.
            bool const redis_failed = who.error().code == refusal_code::redis_failed;
            return refuse(who.error().code,
                          redis_failed ? "Redis cannot be asked now" : who.error().message);
        }
        std::string const channel = channel_of(*who);
        if (channel_name() != channel)
            spdlog::info("user {} subscribes to {}; to send: notify-send --user {}{} \"Hey\"",
                         who->text(), channel, who->text(), owner_.redis_flag_);
        owner_.hub_.join(channel, *this);
    }

    void on_subscribed() override
    {
        socket_.session().clear_deadline();
        socket_.emit(internal_event("success", "SUBSCRIPTION_OK", "subscribed"));
    }

    void on_subscribe_failed(subscribe_error why) override
    {
        owner_.failed_.add(failure_of(why), sentence_of(why));
        refuse(by_cookies_ ? refusal_code::cookies_refused : refusal_code::redis_failed,
               sentence_of(why));
    }

    void on_message(frame const& f) override { socket_.send(f); }

    void refuse(refusal_code code, std::string_view why)
    {
        socket_.emit(internal_event("error", name_of(code), why));
    }

    notifications& owner_;
    sio::socket& socket_;
    std::unique_ptr<std::string> uuid_;  // the one being looked up
    bool by_cookies_ = false;            // the way of the last request
};

namespace {

// The string at data[key], or "" if there is none.
std::string_view text_at(json const& data, char const* key)
{
    if (!data.is_object()) return {};
    auto const found = data.find(key);
    if (found == data.end() || !found->is_string()) return {};
    return found->get_ref<std::string const&>();
}

}  // namespace

void notifications::on_connect(sio::socket& s, json const& auth)
{
    auto owned = std::make_unique<subscription>(*this, s);
    subscription& sub = *owned;
    s.set_data(std::move(owned));
    if (user_timeout_.count() > 0) s.session().set_deadline(user_timeout_);
    if (auth.contains("uuid"))
        sub.subscribe_by_uuid(text_at(auth, "uuid"));
    else if (auto const cookies = auth.find("cookies"); cookies != auth.end() && *cookies == true)
        sub.subscribe_by_cookies();
}

void notifications::on_event(sio::socket& s, sio::event e)
{
    auto& sub = static_cast<subscription&>(*s.data());
    if (e.name() == "subscribe-to-notifications")
        sub.subscribe_by_uuid(e.data.size() > 1 ? text_at(e.data[1], "uuid") : "");
    else if (e.name() == "subscribe-to-notifications-by-cookies")
        sub.subscribe_by_cookies();
    // Other events are nobody's business here, as in the reference server.
}

}  // namespace notify
