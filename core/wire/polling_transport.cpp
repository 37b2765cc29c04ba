// SPDX-License-Identifier: MIT
#include "wire/polling_transport.hpp"

#include "http/http_connection.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace notify {

using eio::close_reason;

namespace {

constexpr char close_packet[] = "1";
constexpr char noop_packet[] = "6";

// Of one answer: clients in Python (python-engineio) refuse one with more.
constexpr std::size_t max_packets = 16;

}  // namespace

// The answer is made when the connection asks for it (next_payload), and not here: more may be
// queued until then.
void polling_transport::wake()
{
    if (waiter_) waiter_->wake();
}

// Encodes frames, and after them a packet unless it is empty, as this client reads them. In
// protocol 3 one binary packet makes the whole payload binary; in 4 it becomes base64.
polling_transport::payload polling_transport::encode(std::span<frame const> frames,
                                                     std::string_view last) const
{
    bool const is_binary =
        session_->speaks().is_v3() &&
        std::any_of(frames.begin(), frames.end(), [](frame const& f) { return f.is_binary(); });
    eio::payload_writer writer{is_binary                    ? eio::payload_form::binary
                               : session_->speaks().is_v3() ? eio::payload_form::counted
                                                            : eio::payload_form::separated};
    for (frame const& f : frames) writer.add(f);
    if (!last.empty()) writer.add(last);
    return {writer.take(), is_binary};
}

// Encodes first and pops afterwards: without memory, the packets are still in the outbox.
polling_transport::payload polling_transport::take_queued()
{
    auto const queued = session_->queue().frames();
    auto const first = queued.first(std::min(queued.size(), max_packets));
    payload taken = encode(first, "");
    session_->queue().pop(first.size());
    return taken;
}

polling_transport::payload polling_transport::next_payload()
{
    if (!session_) return std::exchange(last_, {});
    bool const must_end = session_->queue().empty() && session_->upgrading();
    return must_end ? encode({}, noop_packet) : take_queued();
}

bool polling_transport::take(std::string_view body, eio::payload_form form)
{
    if (!session_) return false;  // it ended, or moved on, while the body came
    // A packet may end the session, which drops its own reference and clears session_.
    boost::intrusive_ptr<eio::session> const s{session_};
    eio::payload_reader reader{body, form};
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

// Called twice in an upgrade: when the candidate probes, so that the GET which waits ends with what
// is queued or a noop (next_payload), and when it has taken over.
void polling_transport::yield()
{
    // After the upgrade, what is queued belongs to the WebSocket. A GET that still waits gets a
    // noop.
    if (session_ && !session_->carried_by(*this)) {
        last_ = encode({}, noop_packet);
        session_ = nullptr;
    }
    wake();
}

void polling_transport::end(close_reason reason) noexcept
{
    if (!session_) return;
    // All that is queued in one answer, above 16 packets too, since there will be no other. A
    // client that has said good-bye itself is not told so (docs/protocol.md, Polling).
    char const* const last = reason == close_reason::client_closed ? noop_packet : close_packet;
    try {
        last_ = encode(session_->queue().frames(), last);
    } catch (std::bad_alloc const&) {  // so short a string lives in the object itself
        last_.body = session_->speaks().is_v3() ? "1:" : "";
        last_.body += last;
        last_.is_binary = false;
    }
    session_->queue().clear();
    session_ = nullptr;
    wake();
}

}  // namespace notify
