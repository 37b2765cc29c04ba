// SPDX-License-Identifier: MIT
#include "gateway/notifications.hpp"

#include "contract/channel_name.hpp"
#include "contract/identity_claim.hpp"
#include "contract/internal_event.hpp"
#include "contract/notification.hpp"
#include "contract/user_id.hpp"
#include "session/session.hpp"
#include "socketio/socket.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace notify {

namespace {

// Encoded once for all tabs of a user.
class notification_feed final : public feed {
public:
    [[nodiscard]] frame encode(std::string_view payload) const override
    {
        return encode_notification(payload);
    }
};

notification_feed const as_notification;

// Acknowledgements that one question may owe; who asks for more has the others at once.
constexpr std::size_t max_owed = 16;

using ack_id = std::optional<std::uint64_t>;

}  // namespace

// Who a socket's user is, as it was asked: by a uuid, or by the cookies.
struct notifications::question final : identity_listener {
    question(subscription& s, std::optional<std::string_view> u) : asker{s}, uuid{u} {}

    [[nodiscard]] bool by_cookies() const { return !uuid; }
    void on_identity(identity_answer const& who) override;

    subscription& asker;
    std::optional<std::string> const uuid;  // none: by the cookies
    std::unique_ptr<question> next;         // asked meanwhile, to be asked after this
    std::vector<std::uint64_t> owed;        // acknowledgements, with the outcome
};

// What a socket has asked for, and whose messages it gets.
class notifications::subscription final : public sio::socket_data, public subscriber {
public:
    subscription(notifications& owner, sio::socket& s)
        : subscriber{as_notification}, session_{s.session()}, owner_{owner}, socket_{s}
    {
    }

    // Asks, by the cookies if there is no uuid. A question that equals the one under
    // way shares its answer, since a uuidCookie can be used once only, and a client
    // that sends one again must not wait for ever; a different one takes its place. Of
    // one socket Redis is asked one question at a time, however many it has. Who asks
    // for an acknowledgement gets the outcome in it.
    void ask(std::optional<std::string_view> uuid, ack_id ack = {})
    {
        if (ack && is_repeated(uuid)) return repeat_outcome(*ack);
        if (asked_ && asked_->uuid == uuid) {
            owe(*asked_, ack);
            return take_debts(*asked_, std::move(asked_->next));
        }
        auto q = std::make_unique<question>(*this, uuid);
        owe(*q, ack);
        if (asked_ && !asked_->by_cookies()) {
            take_debts(*q, std::move(asked_->next));
            asked_->next = std::move(q);
        } else {
            take_debts(*q, std::move(asked_));
            start(std::move(q));
        }
    }

    void on_answer(identity_answer const& who)
    {
        auto answered = std::move(asked_);
        if (auto next = std::move(answered->next)) {
            take_debts(*next, std::move(answered));
            return start(std::move(next));
        }
        by_cookies_ = answered->by_cookies();
        if (!who) {
            owner_.failed_.add(failure_of(who.error().code), who.error().for_log());
            return refuse(answered.get(), who.error().code, who.error().message);
        }
        take_debts(*answered, std::move(joining_));
        if (!answered->owed.empty()) joining_ = std::move(answered);
        std::string const channel = channel_of(*who);
        if (channel_name() != channel) owner_.new_.add(*who, channel);
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
            owner_.identity_.by_cookies(session().request(), *asked_);
    }

    // The question comes again that this socket was subscribed by: a client sends an
    // event again whose acknowledgement is late, and has sent it before that came.
    // Redis knows the uuid no more; the answer is the same.
    [[nodiscard]] bool is_repeated(std::optional<std::string_view> uuid) const
    {
        return uuid && !asked_ && joined() && joining_ && joining_->uuid == uuid;
    }

    void repeat_outcome(std::uint64_t ack)
    {
        if (!joining_->owed.empty()) return owe(*joining_, ack);  // it is not confirmed yet
        socket_.send(encode_acknowledgement(ack, subscribed_outcome("subscribed")));
    }

    void owe(question& q, ack_id ack)
    {
        if (!ack) return;
        if (q.owed.size() < max_owed)
            q.owed.push_back(*ack);
        else
            socket_.acknowledge(*ack, json::array());
    }

    // What takes the place of another question owes what that one did.
    void take_debts(question& q, std::unique_ptr<question> const other)
    {
        if (!other) return;
        for (std::uint64_t const ack : other->owed) owe(q, ack);
    }

    void on_subscribed() noexcept override
    {
        session().attempt([&] {
            session().clear_deadline();
            tell(joining_.get(), subscribed_outcome("subscribed"));
        });
    }

    void on_resubscribed() noexcept override
    {
        session().attempt([&] {
            tell(nullptr, subscribed_outcome("subscribed again: what was sent while Redis was "
                                             "away did not arrive"));
        });
    }

    void on_subscribe_failed(subscribe_error why) noexcept override
    {
        session().attempt([&] {
            owner_.failed_.add(failure_of(why), sentence_of(why));
            refuse(std::exchange(joining_, nullptr).get(),
                   by_cookies_ ? internal_code::cookies_refused : internal_code::redis_failed,
                   sentence_of(why));
        });
    }

    void on_message(frame const& f) override { session_.send(f); }
    void on_too_large(std::size_t bytes) noexcept override
    {
        session().attempt([&] {
            tell(nullptr,
                 outcome_of(internal_code::message_too_large,
                            fmt::format("a notification of {} bytes is too large and was not "
                                        "delivered",
                                        bytes)));
        });
    }

    void on_missed(std::exception const& why) noexcept override { session().fail(why); }

    static std::string subscribed_outcome(std::string_view how)
    {
        return outcome_of(internal_code::subscription_ok, how);
    }

    void refuse(question* asked, internal_code code, std::string_view why)
    {
        tell(asked, outcome_of(code, why));
    }

    // Whose question it answers is null if it answers none.
    void tell(question* asked, std::string_view outcome)
    {
        socket_.send(encode_internal_event(outcome));
        if (!asked) return;
        for (std::uint64_t const id : std::exchange(asked->owed, {}))
            socket_.send(encode_acknowledgement(id, outcome));
    }

    // As the socket has it; but each message is sent through it, and there are far
    // more sockets than a cache holds.
    eio::session& session_;
    notifications& owner_;
    sio::socket& socket_;
    std::unique_ptr<question> asked_;  // under way, or null
    // Answered, and acknowledged when Redis has confirmed; kept from then on, since it
    // may come again (is_repeated). Null if nobody asked for an acknowledgement.
    std::unique_ptr<question> joining_;
    bool by_cookies_ = false;  // the way of the last answer
};

void notifications::question::on_identity(identity_answer const& who)
{
    // This is gone when the answer has been dealt with.
    subscription& s = asker;
    s.session().attempt([&] { s.on_answer(who); });
}

void notifications::on_connect(sio::socket& s, json const& auth)
{
    auto owned = std::make_unique<subscription>(*this, s);
    subscription& sub = *owned;
    s.set_data(std::move(owned));
    if (user_timeout_.count() > 0) s.session().set_deadline(user_timeout_);
    if (auto const claim = claim_of_auth(auth)) sub.ask(claim->uuid);
}

void notifications::on_event(sio::socket& s, sio::event e)
{
    auto& sub = static_cast<subscription&>(*s.data());
    if (auto const claim = claim_of_event(e.data, e.name()))
        sub.ask(claim->uuid, e.ack);
    else
        namespace_handler::on_event(s, e);  // nobody's business here, as in the reference server
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
