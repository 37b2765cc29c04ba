// SPDX-License-Identifier: MIT
//
// A session's wire over HTTP long-polling: a GET waits for packets, a POST
// brings some. One of each at a time.
//
// Belongs to one shard. The session holds it; so does each request under way,
// which may outlive the session.
#pragma once

#include "protocol/engine_payload.hpp"
#include "session/session.hpp"
#include "session/transport.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <span>
#include <string>
#include <string_view>

namespace notify {

class http_connection;

class polling_transport final : public eio::transport {
public:
    // Adopts the session that this carries. REQUIRES: called once, before requests.
    void carry(eio::session& s) { session_ = &s; }

    // What a GET is answered with.
    struct payload {
        std::string body;
        bool is_binary = false;  // the binary form of protocol 3; text otherwise
    };

    // What a GET is to be answered with now: 16 packets at most, but for the last.
    // Nothing: it has to wait. While a WebSocket is probing none does: the client
    // waits for its end.
    [[nodiscard]] payload next_payload();

    // The connection of a GET that waits, woken when there may be something; null: none does.
    void set_waiter(http_connection* c) { waiter_ = c; }
    [[nodiscard]] bool getting() const { return waiter_ != nullptr; }

    // The packets of a POST, in order. False if they were not taken: the session
    // is over, or ends because one is malformed.
    [[nodiscard]] bool take(std::string_view body, eio::payload_form form);

    bool posting = false;  // a POST is being read

    [[nodiscard]] eio::transport_kind kind() const override { return eio::transport_kind::polling; }
    void flush() override { wake(); }
    void yield() override;
    void end(eio::close_reason reason) noexcept override;

private:
    void wake();
    [[nodiscard]] payload take_queued();
    [[nodiscard]] payload encode(std::span<frame const> frames, std::string_view last) const;

    eio::session* session_ = nullptr;  // null when it has ended or moved on
    http_connection* waiter_ = nullptr;
    payload last_;  // what the waiting GET gets at the end
};

}  // namespace notify
