// SPDX-License-Identifier: MIT
//
// One client's stream of events over HTTP: blocks (contract/event_block) that go out as they come,
// and heartbeats between them. docs/protocol.md, Streams of events, describes the bytes.
//
// It is no transport of Engine.IO: it has no session, no packets, and takes nothing from its
// client. Whoever knows what the client is to hear derives from it (gateway/notification_stream).
//
//     silent --send()--> goes on --end()--> over
//        `----refuse()---> over
//
// Nothing is sent until there is an event, so that until then the request can be refused with a
// status that says why. A client that does not read is bounded as by any streamed_answer.
//
// Owned by its connection, on its shard.
#pragma once

#include "base/timer_wheel.hpp"
#include "contract/event_block.hpp"
#include "contract/position.hpp"
#include "http/streamed_answer.hpp"
#include "wire/stream_refusal.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

class event_stream : public streamed_answer, private timer {
public:
    struct options {
        stream_form form = stream_form::server_sent;
        std::string reader{};  // the origin whose page may read it (page_access::reader_of)
        std::size_t limit = 4 * 1024 * 1024;  // bytes that may wait for the client
        milliseconds heartbeat{25'000};       // between two
    };

    // REQUIRES: as for streamed_answer.
    event_stream(http_connection& c, options o);

    // All of these throw std::bad_alloc. Once the stream is over they do nothing.

    // Sends an event that was encoded for all streams of this form.
    void send(frame const& block);
    // Encodes and sends one. where: the position that the client shall name when it comes back;
    // with nothing, the newest one stays.
    void send(std::string_view name, std::optional<position> const& where, std::string_view data);

    // Answers with a refusal while the stream is silent. Afterwards it is sent as an `internal`
    // event, and the stream ends: the client comes back, and gets the refusal as an answer then.
    void refuse(stream_refusal const& why);

    [[nodiscard]] stream_form form() const { return options_.form; }

protected:
    ~event_stream() override = default;

    // Called before each heartbeat, which brings a new token to the client.
    virtual void on_heartbeat() = 0;

    // Sets the token that stands behind each id from now on; "" for none.
    void set_token(std::string token) { token_ = std::move(token); }
    [[nodiscard]] std::string const& token() const { return token_; }
    [[nodiscard]] milliseconds heartbeat() const { return options_.heartbeat; }

private:
    [[nodiscard]] std::string begin_if_silent();
    void on_timer(time_ms now) noexcept override;

    options options_;
    std::string token_;
    std::string newest_;  // the newest position that was sent, for ids with a token
};

}  // namespace notify
