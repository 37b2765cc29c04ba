// SPDX-License-Identifier: MIT
//
// One client of a stream of notifications: finds out who it is, follows that user's channel, and
// sends what comes there as events (docs/protocol.md, Streams of events).
//
//     asking --who it is--> joining --what it missed, SUBSCRIPTION_OK--> subscribed
//        `---------------------`--> refused
//
// A client that came with a uuid gets tokens, with which it may come back; one that is known by its
// cookies comes back with those.
//
// notification_streams makes it; its connection owns it. On its shard.
#pragma once

#include "base/paced_line.hpp"
#include "base/quota.hpp"
#include "contract/internal_event.hpp"
#include "contract/log_start.hpp"
#include "gateway/failed_subscriptions.hpp"
#include "gateway/new_subscriptions.hpp"
#include "gateway/stream_tokens.hpp"
#include "identity/identity_source.hpp"
#include "pubsub/hub.hpp"
#include "wire/event_stream.hpp"
#include "wire/stream_request.hpp"

#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

namespace notify {

// What the streams of a shard share. All outlive them.
struct stream_parts {
    hub& channels;
    identity_source& who;
    failed_subscriptions& failed;
    new_subscriptions& fresh;
    stream_tokens const& tokens;
    paced_line& broken;  // of the log, for those that ended by an exception
};

// What a stream takes of the limits, and gives back when it goes.
struct stream_admission {
    quota_share place;       // of capacity::sessions
    eio::handshake request;  // by which the web app knows the user; empty if it is not asked
};

class notification_stream final : public event_stream,
                                  public subscriber,
                                  private identity_listener {
public:
    // REQUIRES: p outlives it; of the others, as for event_stream.
    notification_stream(stream_parts const& p, http_connection& c, event_stream::options o,
                        stream_admission a);

    // Finds out who the client is, and goes on by itself from there; possibly to the end, before
    // this returns. Throws std::bad_alloc. REQUIRES: called once, when its connection owns it.
    void begin_asking(stream_request const& r);

private:
    // Tries a token again while the key for it is not known.
    struct token_question final : notify::timer {
        explicit token_question(notification_stream& s) : asker{s} {}
        void on_timer(time_ms) noexcept override { asker.take_token(); }

        notification_stream& asker;
        std::string token;
        time_ms until = 0;  // it is given up
    };

    void take_token() noexcept;
    void on_token(result<user_id> const& who);
    void follow(user_id const& user);
    void renew_token();
    void on_heartbeat() override { renew_token(); }

    void on_identity(identity_answer const& who) override;

    // The calls of the hub.
    void on_resumed(bool whole) noexcept override;
    void on_gap() noexcept override;
    void on_subscribed(std::optional<position> const& at) noexcept override;
    void on_resubscribed() noexcept override;
    void on_subscribe_failed(subscribe_error why) noexcept override;
    void on_message(frame const& f) override { send(f); }
    void on_too_large(std::size_t bytes) noexcept override;
    void on_missed(std::exception const& why) noexcept override { fail(why); }
    [[nodiscard]] bool has_room() const noexcept override;

    void on_end(bool) override {}

    void tell(internal_code code, std::string_view sentence) noexcept;
    template <class F>
    void attempt(F const& f) noexcept;
    void fail(std::exception const& why) noexcept;

    stream_parts const& parts_;
    stream_admission admission_;
    log_start from_;
    bool by_cookies_ = false;
    std::optional<user_id> user_;             // who gets tokens
    std::optional<token_question> question_;  // while one waits for its key
};

}  // namespace notify
