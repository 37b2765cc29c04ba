// SPDX-License-Identifier: MIT
#include "gateway/notifications.hpp"

#include "identity/user_id.hpp"
#include "protocol/socket_packet.hpp"
#include "session/session.hpp"
#include "session/socket.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace notify {

namespace {

// ["notification",{"message":"<text published>"}], encoded once for all tabs.
class notification_feed final : public feed {
public:
    [[nodiscard]] frame encode(std::string_view payload) const override
    {
        std::string storage;
        return frame::text({before_, json_string_content(payload, storage), R"("}])"});
    }

private:
    std::string const before_ = sio::begin_packet(sio::packet_type::event, notifications::ns_name) +
                                R"(["notification",{"message":")";
};

notification_feed const as_notification;

// ["internal",{"type":"…","code":"…","message":"…"}]
frame internal_event(std::string_view type, std::string_view code, std::string_view message)
{
    std::string packet = sio::begin_packet(sio::packet_type::event, notifications::ns_name);
    fmt::format_to(std::back_inserter(packet),
                   R"(["internal",{{"type":"{}","code":"{}","message":)", type, code);
    append_json_string(packet, message);
    packet += "}]";
    return frame::text(packet);
}

}  // namespace

// Who a socket's user is, as it was asked: by a uuid, or by the cookies.
struct notifications::question final : identity_listener {
    question(subscription& s, std::optional<std::string_view> u) : asker{s}, uuid{u} {}

    [[nodiscard]] bool by_cookies() const { return !uuid; }
    void on_identity(identity_answer const& who) override;

    subscription& asker;
    std::optional<std::string> const uuid;  // none: by the cookies
    std::unique_ptr<question> next;         // asked meanwhile, to be asked after this
};

// What a socket has asked for, and whose messages it gets.
class notifications::subscription final : public sio::socket_data, public subscriber {
public:
    subscription(notifications& owner, sio::socket& s)
        : subscriber{as_notification}, session_{s.session()}, owner_{owner}, socket_{s}
    {
    }

    // Asks, by the cookies if there is no uuid. A question that equals the one under
    // way shares its answer, since a uuidCookie can be used once only; a different
    // one takes its place. Of one socket Redis is asked one question at a time,
    // however many it has.
    void ask(std::optional<std::string_view> uuid)
    {
        if (asked_ && asked_->uuid == uuid) return asked_->next.reset();
        auto q = std::make_unique<question>(*this, uuid);
        if (asked_ && !asked_->by_cookies())
            asked_->next = std::move(q);
        else
            start(std::move(q));
    }

    void on_answer(identity_answer const& who)
    {
        auto const answered = std::move(asked_);
        if (answered->next) return start(std::move(answered->next));
        by_cookies_ = answered->by_cookies();
        if (!who) {
            owner_.failed_.add(failure_of(who.error().code), who.error().for_log());
            return refuse(who.error().code, who.error().message);
        }
        std::string const channel = channel_of(*who);
        if (channel_name() != channel)
            spdlog::info("user {} subscribes to {}; to send: notify-send --user {}{} \"Hey\"",
                         who->text(), channel, who->text(), owner_.redis_flag_);
        owner_.hub_.join(channel, *this);
    }

    // Whether an answer is due.
    [[nodiscard]] bool asks() const { return asked_ != nullptr; }

    [[nodiscard]] eio::session& session() const { return session_; }

private:
    // The answer may come at once.
    void start(std::unique_ptr<question> q)
    {
        asked_ = std::move(q);
        if (asked_->uuid)
            owner_.identity_.by_uuid(*asked_->uuid, *asked_);
        else
            owner_.identity_.by_cookies(session().request().cookie, *asked_);
    }

    void on_subscribed() override
    {
        session().attempt([&] {
            session().clear_deadline();
            confirm("subscribed");
        });
    }

    void on_resubscribed() override
    {
        session().attempt([&] {
            confirm("subscribed again: what was sent while Redis was away did not arrive");
        });
    }

    void on_subscribe_failed(subscribe_error why) override
    {
        session().attempt([&] {
            owner_.failed_.add(failure_of(why), sentence_of(why));
            refuse(by_cookies_ ? refusal_code::cookies_refused : refusal_code::redis_failed,
                   sentence_of(why));
        });
    }

    void on_message(frame const& f) override { session_.send(f); }
    void on_missed(std::exception const& why) noexcept override { session().fail(why); }

    void confirm(std::string_view how)
    {
        socket_.send(internal_event("success", "SUBSCRIPTION_OK", how));
    }

    void refuse(refusal_code code, std::string_view why)
    {
        socket_.send(internal_event("error", name_of(code), why));
    }

    // As the socket has it; but each message is sent through it, and there are far
    // more sockets than a cache holds.
    eio::session& session_;
    notifications& owner_;
    sio::socket& socket_;
    std::unique_ptr<question> asked_;  // under way, or null
    bool by_cookies_ = false;          // the way of the last answer
};

void notifications::question::on_identity(identity_answer const& who)
{
    // This is gone when the answer has been dealt with.
    subscription& s = asker;
    s.session().attempt([&] { s.on_answer(who); });
}

namespace {

constexpr std::optional<std::string_view> by_cookies;

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
        sub.ask(text_at(auth, "uuid"));
    else if (auto const cookies = auth.find("cookies"); cookies != auth.end() && *cookies == true)
        sub.ask(by_cookies);
}

void notifications::on_event(sio::socket& s, sio::event e)
{
    auto& sub = static_cast<subscription&>(*s.data());
    if (e.name() == "subscribe-to-notifications")
        sub.ask(e.data.size() > 1 ? text_at(e.data[1], "uuid") : "");
    else if (e.name() == "subscribe-to-notifications-by-cookies")
        sub.ask(by_cookies);
    // Other events are nobody's business here, as in the reference server.
}

// Who leaves before it is anybody has no new time when it comes back; and who
// leaves with a question under way, no new question: the session ends.
void notifications::on_disconnect(sio::socket& s, eio::close_reason)
{
    auto const* const sub = static_cast<subscription const*>(s.data());
    bool const is_nobody = !sub || !sub->joined();
    if ((is_nobody && user_timeout_.count() > 0) || (sub && sub->asks()))
        s.session().close_soon(eio::close_reason::no_user);
}

}  // namespace notify
