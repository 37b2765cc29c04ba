// SPDX-License-Identifier: MIT
//
// GET /io/user/notifications/events: a user's notifications as a stream of events, for browsers'
// EventSource and for programs without Socket.IO (docs/protocol.md, Streams of events).
//
// Reads each request (wire/stream_request), refuses those that cannot be meant or have no room, and
// gives the others a notification_stream, which their connection owns.
//
// A stream counts as a session: among --max-sessions, and among the connections of its user.
//
// One for each shard, used on its thread.
#pragma once

#include "gateway/notification_stream.hpp"
#include "http/http_context.hpp"
#include "http/http_service.hpp"
#include "http/origin_policy.hpp"
#include "wire/page_access.hpp"

#include <cstddef>
#include <optional>

namespace notify {

class notification_streams final : public http_service {
public:
    struct options {
        std::size_t max_queue = 4 * 1024 * 1024;  // bytes that may wait for one client
        milliseconds heartbeat{25'000};           // the longest silence
    };

    // REQUIRES: all references outlive it.
    notification_streams(http_context& http, origin_policy const& origins, hub& channels,
                         identity_source& who, failed_subscriptions& failed,
                         new_subscriptions& fresh, stream_tokens tokens, options const& o);

    net::awaitable<void> serve(http_connection& c) override;

private:
    [[nodiscard]] std::optional<http_refusal> admit(http_connection& c, stream_request const& r,
                                                    stream_admission& a) const;
    net::awaitable<void> answer_head(http_connection& c, stream_form form);
    net::awaitable<void> send_elsewhere(http_connection& c, stream_form form);
    net::awaitable<void> refuse(http_connection& c, http_refusal counted,
                                stream_refusal const& why);

    http_context& http_;
    page_access pages_;
    stream_tokens const tokens_;
    options options_;
    paced_line broken_;
    stream_parts const parts_;
};

}  // namespace notify
