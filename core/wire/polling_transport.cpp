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

void polling_transport::wake()
{
    if (waiter_) waiter_->wake();
}

// Frames, and after them a packet unless it is empty, as this client reads them.
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

void polling_transport::yield()
{
    // After an upgrade what is queued belongs to the WebSocket.
    if (session_ && !session_->carried_by(*this)) {
        last_ = encode({}, noop_packet);
        session_ = nullptr;
    }
    wake();
}

void polling_transport::end(close_reason reason) noexcept
{
    if (!session_) return;
    // All there is, since there will be no other answer.
    char const* const last = reason == close_reason::client_closed ? noop_packet : close_packet;
    try {
        last_ = encode(session_->queue().frames(), last);
    } catch (std::bad_alloc const&) {  // this much there is always memory for
        last_.body = session_->speaks().is_v3() ? "1:" : "";
        last_.body += last;
        last_.is_binary = false;
    }
    session_->queue().clear();
    session_ = nullptr;
    wake();
}

}  // namespace notify
