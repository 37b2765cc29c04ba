// SPDX-License-Identifier: MIT
#include "http/polling_transport.hpp"

#include "http/http_connection.hpp"
#include "protocol/engine_payload.hpp"

namespace notify {

using eio::close_reason;

namespace {

constexpr char close_packet[] = "1";
constexpr char noop_packet[] = "6";

}  // namespace

void polling_transport::wake()
{
    if (waiter_) waiter_->wake();
}

std::string polling_transport::take_queued()
{
    std::string body;
    eio::outbox& queue = session_->queue();
    for (frame const& f : queue.frames()) eio::append_to_payload(body, f);
    queue.clear();
    return body;
}

net::awaitable<std::optional<std::string>> polling_transport::next_payload(http_connection& c)
{
    boost::intrusive_ptr<eio::transport> const keep{this};
    waiter_ = &c;
    for (;;) {
        std::string body = session_ ? take_queued() : std::move(last_);
        // While a WebSocket is probing, no GET waits: the client waits for its end.
        if (body.empty() && (!session_ || session_->upgrading())) body += noop_packet;
        if (!body.empty()) {
            waiter_ = nullptr;
            co_return body;
        }
        if (!co_await c.wait_for_wake()) break;
    }
    waiter_ = nullptr;
    if (session_) session_->on_transport_end(*this, close_reason::transport_closed);
    co_return std::nullopt;
}

bool polling_transport::take(std::string_view body)
{
    if (!session_) return false;  // it ended, or moved on, while the body came
    boost::intrusive_ptr<eio::session> const s{session_};
    eio::payload_reader reader{body};
    while (session_ && !reader.done()) {
        auto const p = reader.next();
        if (!p) {
            s->on_transport_end(*this, close_reason::parse_error);
            return false;
        }
        s->on_packet(*this, *p);
    }
    return true;
}

void polling_transport::yield()
{
    // After an upgrade what is queued belongs to the WebSocket.
    if (session_ && !session_->carried_by(*this)) session_ = nullptr;
    wake();
}

void polling_transport::end(close_reason reason)
{
    if (!session_) return;
    last_ = take_queued();
    if (!last_.empty()) last_ += '\x1e';
    last_ += reason == close_reason::client_closed ? noop_packet : close_packet;
    session_ = nullptr;
    wake();
}

}  // namespace notify
