// SPDX-License-Identifier: MIT
#include "client/notification_client.hpp"

#include "contract/identity_claim.hpp"

#include <string_view>
#include <utility>

namespace notify {

namespace {

using clock = websocket_stream::clock;
using decision = client_session::decision;

// A connection that held this long was worth its wait; a gateway that lets
// everybody in only to fall over again must not be hammered.
constexpr std::chrono::seconds steady{10};

notification_client::ending ended(std::string why)
{
    return {notification_client::ending::kind::unreachable, std::move(why)};
}

}  // namespace

notification_client::notification_client(net::any_io_executor const& executor, gateway_url url,
                                         client_identity identity, notification_listener& listener)
    : url_{std::move(url)},
      identity_{std::move(identity)},
      listener_{listener},
      stream_{executor},
      timer_{executor}
{
}

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

// One connection from its first byte to its last.
net::awaitable<notification_client::ending> notification_client::connect_once()
{
    auto const until = clock::now() + client_session::patience;
    auto const opened = co_await stream_.open(url_, identity_.cookie, until);
    if (!opened) co_return ended(opened.error().message);
    std::string auth = auth_of({});
    if (identity_.next_uuid) {
        auto const uuid = co_await identity_.next_uuid();
        if (!uuid) co_return ended(uuid.error().message);
        auth = auth_of({*uuid});
    }
    co_return co_await converse(client_session{std::move(auth), clock::now()});
}

net::awaitable<notification_client::ending> notification_client::converse(client_session session)
{
    while (!stopped_) {
        auto const message = co_await stream_.read(session.deadline());
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

// Passes on what the session has found. Returns the ending if it was that.
std::optional<notification_client::ending> notification_client::act_on(decision d)
{
    switch (d.what) {
    case decision::kind::none: break;
    case decision::kind::subscribed:
        subscribed_at_ = clock::now();
        welcomed_ = true;
        listener_.on_subscribed();
        break;
    case decision::kind::notification: listener_.on_notification({std::move(d.text)}); break;
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
