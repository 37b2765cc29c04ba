// SPDX-License-Identifier: MIT
//
// A WebSocket in memory: both the transport that a session uses, and the client at its other
// end.
#pragma once

#include "protocol/engine_packet.hpp"
#include "protocol/websocket_frame.hpp"
#include "session/session.hpp"
#include "session/transport.hpp"
#include "wire/websocket_bytes.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace notify::test {

class memory_websocket final : public eio::transport {
public:
    // REQUIRES: this is s's transport, or its candidate.
    void carry(eio::session& s) { session_ = &s; }

    // --- the client's end ---

    void say(std::string_view packet)
    {
        if (!session_) return;
        std::string decoded;
        if (auto const p = eio::parse_packet(packet, decoded))
            session_->on_packet(*this, *p);
        else
            session_->on_transport_end(*this, eio::close_reason::parse_error);
    }

    void say_binary(std::string_view bytes)
    {
        if (session_) session_->on_packet(*this, {eio::packet_type::message, true, bytes});
    }

    void hang_up()
    {
        if (session_) session_->on_transport_end(*this, eio::close_reason::transport_closed);
    }

    // What has arrived since the last call; a binary message has a `b` before it.
    std::vector<std::string> heard()
    {
        std::vector<std::string> packets;
        std::span<char> input{arrived_};
        for (;;) {
            ws::event const e = reader_.next(input, ws::role::client, 1 << 30);
            if (e.what == ws::event::kind::need_more) break;
            if (e.what == ws::event::kind::error)
                throw std::logic_error{"the server broke the protocol of WebSockets"};
            char const* const mark = e.what == ws::event::kind::binary ? "b" : "";
            packets.push_back(mark + std::string{e.payload});
        }
        arrived_.clear();
        return packets;
    }

    // --- the wire ---

    std::size_t room = std::numeric_limits<std::size_t>::max();  // bytes it takes until it blocks
    bool broken = false;                                         // it fails at the next write
    int flushes = 0;
    std::optional<eio::close_reason> ended;

    // --- the session's end ---

    [[nodiscard]] eio::transport_kind kind() const override
    {
        return eio::transport_kind::websocket;
    }

    void flush() override
    {
        ++flushes;
        if (!session_) return;
        if (broken) return session_->on_transport_end(*this, eio::close_reason::transport_error);
        if (session_->carried_by(*this))
            write();
        else
            ws::append_frame(arrived_, ws::opcode::text, "3probe");
    }

    void end(eio::close_reason reason) noexcept override
    {
        if (session_ && session_->carried_by(*this)) write();
        session_ = nullptr;
        ended = reason;
    }

private:
    void write()
    {
        eio::outbox& queue = session_->queue();
        while (!queue.empty() && room > 0) {
            std::array<char, 100> scratch;  // little, so that several rounds are needed
            websocket_write const next = next_write(queue, scratch);
            std::string_view const fits = next.bytes.substr(0, room);
            arrived_ += fits;
            room -= fits.size();
            take_sent(queue, next, fits.size());
        }
    }

    eio::session* session_ = nullptr;  // null when it has ended
    std::string arrived_;
    ws::frame_reader reader_;
};

}  // namespace notify::test
