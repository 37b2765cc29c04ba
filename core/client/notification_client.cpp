// SPDX-License-Identifier: MIT
#include "client/notification_client.hpp"

#include "contract/identity_claim.hpp"

#include <string_view>
#include <utility>

namespace notify {

namespace {

using clock = websocket_stream::clock;
using decision = client_session::decision;

// The pauses begin anew only after a connection that was subscribed for this long. If they did so
// after any subscription, a gateway that lets everybody in and falls over again would have all
// clients back within a second, each time.
constexpr std::chrono::seconds steady{10};

notification_client::ending ended(std::string why)
{
    return {notification_client::ending::kind::unreachable, std::move(why)};
}

}  // namespace

notification_client::notification_client(net::any_io_executor const& executor, gateway_url url,
                                         client_identity identity, notification_listener& listener,
                                         std::string since)
    : url_{std::move(url)},
      identity_{std::move(identity)},
      listener_{listener},
      since_{std::move(since)},
      stream_{executor},
      timer_{executor}
{
}

// stopped_ is looked at on both sides of on_lost(), which may call stop(): a timer that is
// cancelled before anybody waits on it does not end the later wait, so the pause would be slept to
// its end.
net::awaitable<notification_client::ending> notification_client::run()
{
    for (;;) {
        subscribed_at_.reset();
        auto end = co_await connect_once();
        stream_.close();
        if (subscribed_at_ && clock::now() - *subscribed_at_ >= steady) pause_.reset();
        if (stopped_) co_return ending{};
        if (!welcomed_) co_return end;
        if (!identity_.lasting) co_return ended(std::move(end.why));
        auto const pause = pause_.next();
        listener_.on_lost(end.why, pause);
        if (!stopped_) co_await sleep(pause);
        if (stopped_) co_return ending{};
    }
}

void notification_client::stop()
{
    stopped_ = true;
    stream_.close();
    timer_.cancel();
}

// One connection from its first byte to its last. The uuid is asked for after the handshake: minted
// before, it could expire while a slow gateway answers. The time that it takes is not the
// gateway's, so the session's patience begins after it. An error of the source counts as a failed
// connection.
net::awaitable<notification_client::ending> notification_client::connect_once()
{
    auto const until = clock::now() + client_session::patience;
    auto const opened = co_await stream_.open(url_, identity_.cookie, until);
    if (!opened) co_return ended(opened.error().message);
    identity_claim claim;
    std::string const since = where_ ? to_text(*where_) : since_;
    if (!since.empty()) claim.since = since;
    std::string uuid;
    if (identity_.next_uuid) {
        auto next = co_await identity_.next_uuid();
        if (!next) co_return ended(next.error().message);
        uuid = std::move(*next);
        claim.uuid = uuid;
    }
    co_return co_await converse(client_session{auth_of(claim), clock::now()});
}

// Reads, decides, answers, and tells the listener. The answer goes first: after a Close frame or a
// broken one the server gets its code, although the connection ends here. What the session has
// found counts for more than an answer that could not be sent; a server may close as soon as it has
// spoken.
//
// The read's own deadline is the session's. When it passes, the session knows better what was
// waited for than the stream does.
net::awaitable<notification_client::ending> notification_client::converse(client_session session)
{
    while (!stopped_) {
        auto const message = co_await stream_.read(session.deadline());
        if (stopped_) break;  // after the read had its message, and before it was told
        auto const now = clock::now();
        if (!message && now >= session.deadline()) co_return ended(session.on_silence().text);
        if (!message) co_return ended(message.error().message);
        auto next = session.on_message(*message, now);
        auto const sent = co_await stream_.write(session.take_output(), session.deadline());
        if (auto end = act_on(std::move(next))) co_return std::move(*end);
        if (!sent) co_return ended(sent.error().message);
    }
    co_return ending{};
}

// Tells the listener what the session has found. Returns an ending if the connection is over.
std::optional<notification_client::ending> notification_client::act_on(decision d)
{
    if (auto const& where = d.where ? d.where : d.told.where) where_ = where;
    if (d.where) listener_.on_position(*d.where);
    if (stopped_) return {};
    switch (d.what) {
    case decision::kind::none: break;
    case decision::kind::subscribed:
        subscribed_at_ = clock::now();
        welcomed_ = true;
        if (!since_.empty()) since_ = "latest";  // what was wanted of the log has come
        listener_.on_subscribed();
        break;
    case decision::kind::notification: listener_.on_notification(std::move(d.told)); break;
    case decision::kind::gap: listener_.on_gap(); break;
    case decision::kind::missed: listener_.on_missed(d.text); break;
    case decision::kind::refused: return ending{ending::kind::refused, std::move(d.text)};
    case decision::kind::lost: return ended(std::move(d.text));
    }
    return {};
}

net::awaitable<void> notification_client::sleep(std::chrono::milliseconds pause)
{
    timer_.expires_after(pause);
    co_await timer_.async_wait(as_result);
}

}  // namespace notify
