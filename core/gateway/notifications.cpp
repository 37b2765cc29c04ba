// SPDX-License-Identifier: MIT
#include "gateway/notifications.hpp"

#include "contract/channel_name.hpp"
#include "contract/identity_claim.hpp"
#include "contract/internal_event.hpp"
#include "contract/log_start.hpp"
#include "contract/notification.hpp"
#include "contract/user_id.hpp"
#include "gateway/notification_feed.hpp"
#include "gateway/owed_acknowledgements.hpp"
#include "session/session.hpp"
#include "session/session_context.hpp"
#include "socketio/socket.hpp"

#include <nlohmann/json.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

// One question that a socket has asked: who am I, by this uuid or by my cookies? It waits in a list
// of identity and leaves that when it is destroyed.
struct notifications::question final : identity_listener {
    question(subscription& s, std::optional<std::string_view> u) : asker{s}, uuid{u} {}

    [[nodiscard]] bool by_cookies() const { return !uuid; }
    void on_identity(identity_answer const& who) override;

    subscription& asker;
    std::optional<std::string> const uuid;  // nothing: by the cookies
    std::optional<log_start> from{};        // where the client wants what is stored to begin
    std::unique_ptr<question> next;  // asked meanwhile; takes this one's place when it is answered
    owed_acknowledgements owed;
};

// The state of one socket: what it has asked, and whose messages it gets.
//
//     asked_      the question that identity has; its `next` is the newest one that came meanwhile
//     joining_    the last question that found a user, if an acknowledgement was asked for
//
// Of several questions only the last counts, and one that is replaced leaves its acknowledgements
// to its successor (take_debts): every acknowledgement is answered, with the outcome that counts.
class notifications::subscription final : public sio::socket_data, public subscriber {
public:
    // auth: of CONNECT, by what the client may come back if its answer is due.
    subscription(notifications& owner, sio::socket& s, json const& auth)
        : subscriber{s.welcomed() ? as_notification : notification_with_offset},
          session_{s.session()},
          owner_{owner},
          socket_{s}
    {
        if (!s.welcomed() && owner.recovery_.possible())
            recovery_ = std::make_unique<socket_recovery>(owner.recovery_, auth);
    }

    // Does what CONNECT's auth asks for. Who comes back is not asked who it is, unless it comes
    // with other cookies. Without a key nobody can tell who comes back: without an answer the
    // client keeps what it can come back by, and connects again.
    void begin(json const& auth)
    {
        if (!socket_.welcomed() && !recovery_)
            return session().close_soon(eio::close_reason::unsubscribed);
        auto const claim = claim_of_auth(auth);
        bool const comes_back = recovery_ && recovery_->comes_back();
        if (comes_back && recovery_->is_known_by(session().request())) {
            by_cookies_ = !claim || !claim->uuid;
            join(*recovery_->user(), {});
        } else if (claim || comes_back) {
            ask(claim.value_or(identity_claim{}));
        } else {
            welcome_for_good();
        }
    }

    // Asks who the client is; by the cookies if there is no uuid. ack: an acknowledgement that gets
    // the outcome.
    //
    // - With a start that cannot be read nobody is asked, so that the uuid can be tried again.
    // - The question by which the socket is subscribed already is answered without asking again
    //   (is_repeated).
    // - A question equal to the one under way shares its answer. A uuidCookie works once, and a
    //   client that sends its uuid again, because the acknowledgement is late, must not be refused
    //   by its own first try. Of two starts the last counts.
    // - A different question takes the place of the one under way. If that is a uuid, it waits
    //   until Redis has answered: one question per socket is under way, however many the client
    //   sends.
    void ask(identity_claim const& claim, ack_id ack = {})
    {
        auto q = std::make_unique<question>(*this, claim.uuid);
        q->owed.add(socket_, ack);
        if (claim.since) q->from = parse_log_start(*claim.since, owner_.now());
        if (claim.since && !q->from)
            return refuse(q.get(), internal_code::bad_position,
                          bad_position_sentence(*claim.since));
        if (ack && is_repeated(claim.uuid)) return repeat_outcome(*ack);
        if (asked_ && asked_->uuid == claim.uuid) {
            asked_->from = q->from;
            take_debts(*asked_, std::move(asked_->next));
            return take_debts(*asked_, std::move(q));
        }
        if (asked_ && !asked_->by_cookies()) {
            take_debts(*q, std::move(asked_->next));
            asked_->next = std::move(q);
        } else {
            take_debts(*q, std::move(asked_));
            start(std::move(q));
        }
    }

    // The question under way is answered. If another has come meanwhile, this answer does not
    // count, whatever it is. Otherwise the client is refused, or joins the channel of its user; a
    // socket that is subscribed to the same user already is only told so again.
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
        auto const since = answered->from;
        if (!answered->owed.none()) joining_ = std::move(answered);
        join(*who, since);
    }

    // A heartbeat is about to go out. A sign of life with it begins the window anew.
    void on_ping()
    {
        if (!recovery_ || !socket_.welcomed() || !recovery_->is_sign_due()) return;
        if (auto const at = where()) socket_.send(encode_offset(recovery_->offset(*at)));
    }

    // True if an answer is due.
    [[nodiscard]] bool asks() const { return asked_ != nullptr; }

    [[nodiscard]] eio::session& session() const { return session_; }

private:
    // A client keeps the pid of its first user. If it is another's now, the client is told that it
    // has none any more: otherwise it would come back as the first.
    // since: where a client that does not come back wants what is stored to begin.
    void join(user_id const& who, std::optional<log_start> const& since)
    {
        if (recovery_ && socket_.welcomed() && recovery_->user() != who) {
            recovery_.reset();
            socket_.welcome();
        }
        log_start from = recovery_ ? recovery_->start_of(who) : log_start{};
        if (since && !(recovery_ && recovery_->comes_back())) from = *since;
        std::string const channel = channel_of(who);
        // Before join(), after which channel_name() is the new one.
        if (channel_name() != channel) {
            owner_.new_.add(who, channel);
            if (since) want_positions();
        }
        owner_.hub_.join(channel, *this, from);
    }

    // Whoever says where to begin is told where it stands, and can say so the next time. REQUIRES:
    // it is about to join another channel, if it is on one.
    void want_positions()
    {
        owner_.hub_.leave(*this);
        use(notification_with_offset);
        wants_positions_ = true;
    }

    // Answers CONNECT, if that is due, without anything by which the client could come back.
    void welcome_for_good()
    {
        if (!std::exchange(recovery_, nullptr)) return;
        if (!joined() && !wants_positions_) use(as_notification);
        if (!socket_.welcomed()) socket_.welcome();
    }

    void welcome()
    {
        socket_.welcome(recovery_->pid(socket_.sid(), by_cookies_, session().request()));
    }

    // asked_ is set before the question is asked: the answer may come before by_uuid() returns.
    void start(std::unique_ptr<question> q)
    {
        asked_ = std::move(q);
        if (asked_->uuid)
            owner_.identity_.by_uuid(*asked_->uuid, *asked_);
        else
            owner_.identity_.by_cookies(session().request(), *asked_);
    }

    // True if this is the question by which the socket was subscribed. A client repeats an event
    // whose acknowledgement is late, and may have sent the repetition before that came. Redis does
    // not know the uuid any more, but the answer is the same.
    [[nodiscard]] bool is_repeated(std::optional<std::string_view> uuid) const
    {
        return uuid && !asked_ && joined() && joining_ && joining_->uuid == uuid;
    }

    // If Redis has not confirmed yet, the acknowledgement waits with those that wait already.
    void repeat_outcome(std::uint64_t ack)
    {
        if (!joining_->owed.none()) return joining_->owed.add(socket_, ack);
        socket_.send(encode_acknowledgement(ack, subscribed_outcome(subscribed_sentence)));
    }

    // A question that takes another's place owes what that one did.
    void take_debts(question& q, std::unique_ptr<question> const other)
    {
        if (other) q.owed.take(socket_, other->owed);
    }

    // The calls of the hub (pubsub/subscriber.hpp). Each is wrapped: without memory to tell this
    // client, its session ends, and the hub goes on with the next.
    void on_subscribed(std::optional<position> const& at) noexcept override
    {
        session().attempt([&] {
            session().clear_deadline();
            if (!at) welcome_for_good();
            if (recovery_ && !socket_.welcomed()) welcome();
            std::string offset = at && wants_positions_ ? to_text(*at) : "";
            if (recovery_) offset = recovery_->first_offset(*at);
            tell(joining_.get(), subscribed_outcome(subscribed_sentence), offset);
        });
    }

    // What was missed follows, and then on_subscribed(). Who comes back, and finds all there, gets
    // it before the answer to CONNECT, as its library expects.
    void on_resumed(bool whole) noexcept override
    {
        session().attempt([&] {
            if (recovery_ && !socket_.welcomed()) {
                if (whole && recovery_->comes_back())
                    return socket_.restore(recovery_->former_sid());
                recovery_->begin_anew();
                welcome();
            }
            if (!whole) tell_gap();
        });
    }

    void on_resubscribed() noexcept override
    {
        session().attempt([&] { tell(nullptr, subscribed_outcome(resubscribed_sentence)); });
    }

    void on_gap() noexcept override
    {
        session().attempt([&] { tell_gap(); });
    }

    // The code depends on how the client asked, though the reason is the same: pages know one code
    // for each way of asking (docs/protocol.md, The contract with pages).
    void on_subscribe_failed(subscribe_error why) noexcept override
    {
        session().attempt([&] {
            owner_.failed_.add(failure_of(why), sentence_of(why));
            // Without an answer it keeps what it can come back by, and connects again.
            bool const is_away = why == subscribe_error::not_confirmed && !socket_.welcomed();
            if (is_away && recovery_ && recovery_->comes_back())
                return session().close_soon(eio::close_reason::unsubscribed);
            refuse(std::exchange(joining_, nullptr).get(),
                   by_cookies_ ? internal_code::cookies_refused : internal_code::redis_failed,
                   sentence_of(why));
        });
    }

    // A quarter of its queue: what comes live meanwhile needs room too.
    [[nodiscard]] bool has_room() const noexcept override
    {
        return session_.queue().memory() < session_.context().options.max_queue / 4;
    }

    void on_message(frame const& f) override { session_.send(f); }
    // It answers no question, so it is an event alone.
    void on_too_large(std::size_t bytes) noexcept override
    {
        session().attempt([&] {
            tell(nullptr, outcome_of(internal_code::message_too_large, too_large_sentence(bytes)));
        });
    }

    // The client would have a gap without knowing it. It connects again and shows what its page
    // loads.
    void on_missed(std::exception const& why) noexcept override { session().fail(why); }

    // Both tell the client that messages arrive from now on.
    static std::string subscribed_outcome(std::string_view how)
    {
        return outcome_of(internal_code::subscription_ok, how);
    }

    // A refusal changes nothing else: a subscription that the socket has stays, and the client may
    // ask again.
    void refuse(question* asked, internal_code code, std::string_view why)
    {
        if (!socket_.welcomed()) welcome_for_good();
        tell(asked, outcome_of(code, why));
    }

    void tell_gap() { tell(nullptr, outcome_of(internal_code::gap, gap_sentence)); }

    // Sends an `internal` event, then the acknowledgements that the question owes. asked is null if
    // this answers no question.
    void tell(question* asked, std::string_view outcome, std::string_view offset = {})
    {
        socket_.send(encode_internal_event(outcome, offset));
        if (asked) asked->owed.pay(socket_, outcome);
    }

    // The same as socket_.session(). Each message of a fan-out goes through it, and going through
    // socket and connection would be two more cache misses per delivery.
    eio::session& session_;
    notifications& owner_;
    sio::socket& socket_;
    std::unique_ptr<question> asked_;  // under way, or null
    // Its acknowledgements are sent when Redis has confirmed. It is kept from then on, since it may
    // come again (is_repeated). Null if nobody has asked for an acknowledgement.
    std::unique_ptr<question> joining_;
    // Of a client that may come back; null for all others.
    std::unique_ptr<socket_recovery> recovery_;
    bool by_cookies_ = false;       // how the last answered question was asked
    bool wants_positions_ = false;  // it has joined with a start
};

void notifications::question::on_identity(identity_answer const& who)
{
    // on_answer() destroys this question, so nothing of it is used after the call.
    subscription& s = asker;
    s.session().attempt([&] { s.on_answer(who); });
}

// Clients that say in CONNECT who they are. Others are answered at once, and so is everybody while
// there is no key: the client stands to lose nothing by it that it has. But one that presents a pid
// does.
bool notifications::welcomes_later(eio::handshake const&, json const& auth)
{
    return recovery_.presented_in(auth) || (recovery_.possible() && claim_of_auth(auth));
}

// The deadline is the session's, and set_data() comes before ask(): an answer may come at once.
void notifications::on_connect(sio::socket& s, json const& auth)
{
    auto owned = std::make_unique<subscription>(*this, s, auth);
    subscription& sub = *owned;
    s.set_data(std::move(owned));
    if (user_timeout_.count() > 0) s.session().set_deadline(user_timeout_);
    sub.begin(auth);
}

// Any other event is acknowledged and has no effect, as with a server that has no handler for it.
void notifications::on_event(sio::socket& s, sio::event e)
{
    auto& sub = static_cast<subscription&>(*s.data());
    if (auto const claim = claim_of_event(e.data, e.name()))
        sub.ask(*claim, e.ack);
    else
        namespace_handler::on_event(s, e);
}

void notifications::on_ping(sio::socket& s) { static_cast<subscription&>(*s.data()).on_ping(); }

// Leaving and rejoining must buy a client nothing. With --user-timeout, a socket that leaves as
// nobody ends its session, since rejoining would restart the timeout. A socket that leaves with a
// question under way ends it too: Redis or the web app would still be busy with that question, and
// a client that leaves and rejoins could ask any number of them.
void notifications::on_disconnect(sio::socket& s, eio::close_reason)
{
    auto const* const sub = static_cast<subscription const*>(s.data());
    bool const is_nobody = !sub || !sub->joined();
    if ((is_nobody && user_timeout_.count() > 0) || (sub && sub->asks()))
        s.session().close_soon(eio::close_reason::no_user);
}

}  // namespace notify
