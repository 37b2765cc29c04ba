// SPDX-License-Identifier: MIT
#include "gateway/notification_stream.hpp"

#include "contract/channel_name.hpp"
#include "gateway/stream_feed.hpp"
#include "http/http_connection.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace notify {

namespace {

// What may wait for a client, in bytes, before entries of its log wait in Redis instead.
constexpr std::size_t room = 64 * 1024;

// A gateway that has just been started gets its key a moment later. When another one was killed,
// the clients of that one are there first.
constexpr milliseconds key_patience{2'000};

stream_refusal refusal_for(refusal const& why)
{
    auto const status =
        is_final(why) ? http_status::unauthorized : http_status::service_unavailable;
    return {status, name_of(why.code), why.message};
}

}  // namespace

notification_stream::notification_stream(stream_parts const& p, http_connection& c,
                                         event_stream::options o, stream_admission a)
    : event_stream{c, std::move(o)},
      subscriber{stream_feed::of(form())},
      parts_{p},
      admission_{std::move(a)}
{
}

void notification_stream::begin_asking(stream_request const& r)
{
    from_ = r.from;
    by_cookies_ = r.token.empty() && !r.uuid;
    if (!r.token.empty()) {
        question_.emplace(*this);
        question_->token = r.token;
        question_->until = connection().context().clock.after(key_patience);
        take_token();
    } else if (r.uuid) {
        parts_.who.by_uuid(*r.uuid, *this);
    } else {
        parts_.who.by_cookies(admission_.request, *this);
    }
}

void notification_stream::take_token() noexcept
{
    attempt([this] {
        shard_clock& clock = connection().context().clock;
        if (auto const who = parts_.tokens.read(question_->token))
            on_token(*who);
        else if (clock.now() < question_->until)
            clock.arm(*question_, clock.tick());
        else
            refuse({http_status::service_unavailable, "RECOVERY_REFUSED",
                    "recovery tokens cannot be read now: Redis is away"});
    });
}

void notification_stream::on_token(result<user_id> const& who)
{
    question_.reset();
    if (who) return follow(*who);
    parts_.failed.add(subscription_failure::unknown_uuid, who.error().message);
    refuse({http_status::unauthorized, "RECOVERY_REFUSED", who.error().message});
}

void notification_stream::on_identity(identity_answer const& who)
{
    attempt([&] {
        if (who) return follow(*who);
        parts_.failed.add(failure_of(who.error().code), who.error().for_log());
        refuse(refusal_for(who.error()));
    });
}

// By what the client was known is not needed any more.
void notification_stream::follow(user_id const& user)
{
    admission_.request = {};
    if (!by_cookies_) user_ = user;
    renew_token();
    std::string const channel = channel_of(user);
    parts_.fresh.add(user, channel);
    parts_.channels.join(channel, *this, from_);
}

void notification_stream::renew_token()
{
    if (user_) set_token(parts_.tokens.give(*user_, heartbeat()));
}

// What is missing is said before what comes.
void notification_stream::on_resumed(bool whole) noexcept
{
    if (!whole) on_gap();
}

void notification_stream::on_gap() noexcept { tell(internal_code::gap, gap_sentence); }

void notification_stream::on_subscribed(std::optional<position> const& at) noexcept
{
    attempt([&] {
        std::string outcome = outcome_of(internal_code::subscription_ok, subscribed_sentence);
        if (!token().empty()) {
            outcome.back() = ',';
            outcome += fmt::format(R"("recovery":"{}"}})", token());
        }
        send("internal", at, outcome);
    });
}

void notification_stream::on_resubscribed() noexcept
{
    tell(internal_code::subscription_ok, resubscribed_sentence);
}

// The code is the one that clients of Socket.IO get: it says how the client asked.
void notification_stream::on_subscribe_failed(subscribe_error why) noexcept
{
    attempt([&] {
        parts_.failed.add(failure_of(why), sentence_of(why));
        auto const status = why == subscribe_error::too_many_subscribers
                                ? http_status::too_many_requests
                                : http_status::service_unavailable;
        auto const code =
            by_cookies_ ? internal_code::cookies_refused : internal_code::redis_failed;
        refuse({status, name_of(code), std::string{sentence_of(why)}});
    });
}

void notification_stream::on_too_large(std::size_t bytes) noexcept
{
    attempt([&] { tell(internal_code::message_too_large, too_large_sentence(bytes)); });
}

bool notification_stream::has_room() const noexcept { return unsent() < room; }

void notification_stream::tell(internal_code code, std::string_view sentence) noexcept
{
    attempt([&] { send("internal", std::nullopt, outcome_of(code, sentence)); });
}

// Does what may fail for want of memory. Then this stream alone is cut: its client comes back with
// its newest id, and gets what it has missed.
template <class F>
void notification_stream::attempt(F const& f) noexcept
{
    try {
        f();
    } catch (std::exception const& e) {
        fail(e);
    }
}

void notification_stream::fail(std::exception const& why) noexcept
{
    if (auto const unsaid = parts_.broken.due())
        spdlog::error("a stream of events was cut: {} (and {} before)", why.what(), *unsaid);
    cut();
}

}  // namespace notify
