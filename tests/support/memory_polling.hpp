// SPDX-License-Identifier: MIT
//
// Long-polling in memory: both the transport that a session uses, and the client that sends
// GETs and POSTs.
#pragma once

#include "protocol/engine_payload.hpp"
#include "session/session.hpp"
#include "session/transport.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace notify::test {

class memory_polling final : public eio::transport {
public:
    // REQUIRES: this is s's transport.
    void carry(eio::session& s)
    {
        session_ = &s;
        if (s.speaks().is_v3()) form_ = eio::payload_form::counted;
    }

    // --- the client's end ---

    // Begins a GET. REQUIRES: none waits.
    void get()
    {
        if (session_) session_->on_request();
        waiting_ = true;
        answer(false);
    }

    // Returns the body that answered the last GET, and forgets it.
    std::optional<std::string> body() { return std::exchange(body_, std::nullopt); }

    [[nodiscard]] bool waiting() const { return waiting_; }

    void post(std::string_view body)
    {
        if (session_) session_->on_request();
        eio::payload_reader reader{body, form_};
        while (session_ && !reader.done()) {
            auto const p = reader.next();
            if (!p) return session_->on_transport_end(*this, eio::close_reason::parse_error);
            session_->on_packet(*this, *p);
        }
    }

    // The connection of a waiting GET breaks.
    void hang_up()
    {
        if (session_) session_->on_transport_end(*this, eio::close_reason::transport_closed);
    }

    std::optional<eio::close_reason> ended;

    // --- the session's end ---

    [[nodiscard]] eio::transport_kind kind() const override { return eio::transport_kind::polling; }

    void flush() override { answer(false); }

    void yield() override
    {
        if (session_ && !session_->carried_by(*this)) session_ = nullptr;
        answer(true);
    }

    void end(eio::close_reason reason) noexcept override
    {
        ended = reason;
        if (!session_) return;
        std::string const last = take_queued("1");
        session_ = nullptr;
        if (std::exchange(waiting_, false)) body_ = last;
    }

private:
    // Answers a waiting GET with what is queued, or with a noop if it must end.
    void answer(bool must_end)
    {
        if (!waiting_) return;
        std::string queued = take_queued("");
        if (queued.empty() && (must_end || !session_ || session_->upgrading()))
            queued = take_queued("6");
        if (queued.empty()) return;
        waiting_ = false;
        body_ = std::move(queued);
    }

    std::string take_queued(std::string_view last)
    {
        eio::payload_writer writer{form_};
        if (session_) {
            for (frame const& f : session_->queue().frames()) writer.add(f);
            session_->queue().clear();
        }
        if (!last.empty()) writer.add(last);
        return writer.take();
    }

    eio::session* session_ = nullptr;  // null when it has ended or moved on
    eio::payload_form form_ = eio::payload_form::separated;
    bool waiting_ = false;
    std::optional<std::string> body_;
};

}  // namespace notify::test
