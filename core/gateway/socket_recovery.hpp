// SPDX-License-Identifier: MIT
//
// The recovery of one socket (docs/protocol.md, Recovery): what its client presents when it
// connects, and what it is given to present the next time.
//
// A subscription (gateway/notifications) has one if its client says in CONNECT who it is; all
// others have none and pay nothing. Whether what is presented is genuine is for socketio/recovery;
// here it becomes a user and a start in that user's log.
//
// Belongs to its subscription. All time is the system's, since gateways have to agree on it.
#pragma once

#include "base/json.hpp"
#include "contract/log_start.hpp"
#include "contract/user_id.hpp"
#include "gateway/shared_key.hpp"
#include "session/handshake.hpp"
#include "socketio/recovery.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace notify {

// What the sockets of a shard share.
struct recovery_terms {
    shared_key const& key;
    std::chrono::seconds window;
    std::function<sio::unix_seconds()> now;

    // True if there is something to sign with, and for.
    [[nodiscard]] bool possible() const { return window.count() > 0 && key.get() != nullptr; }
    // True if CONNECT's auth holds what a client presents that comes back.
    [[nodiscard]] bool presented_in(json const& auth) const;
};

class socket_recovery {
public:
    // Reads what a client presents. auth: of its CONNECT. REQUIRES: terms outlives it, and
    // terms.possible().
    socket_recovery(recovery_terms const& terms, json const& auth);

    // Whose socket it was, if a genuine pid in its window says so.
    [[nodiscard]] std::optional<user_id> const& user() const { return user_; }

    // True if that user need not be asked for again: the client comes with the same cookies as when
    // the pid was issued, or was not known by cookies.
    [[nodiscard]] bool is_known_by(eio::handshake const& request) const;

    // Where a socket of this user begins in the log. If it is another user's, or none's that was,
    // the socket is a new one.
    [[nodiscard]] log_start start_of(user_id const& who);

    // True while it may be given back what it was.
    [[nodiscard]] bool comes_back() const { return comes_back_; }
    // It cannot be: it is a new one, of the same user.
    void begin_anew() { comes_back_ = false; }

    // The id that it had. REQUIRES: comes_back().
    [[nodiscard]] url_safe_id const& former_sid() const { return socket_.sid; }

    // Returns its pid: the one that was presented, if it comes back; otherwise a new one. sid: of
    // the socket. by_cookies: by what its user became known.
    [[nodiscard]] std::string pid(url_safe_id const& sid, bool by_cookies,
                                  eio::handshake const& request);

    // Returns the offset of the first event after the pid.
    [[nodiscard]] std::string first_offset(position const& at);
    // Returns the offset for an event at a position, with a sign of life.
    [[nodiscard]] std::string offset(position const& at);

    // True if the last sign of life is so old that the window should be begun anew.
    [[nodiscard]] bool is_sign_due() const;

private:
    [[nodiscard]] bool read(json const& auth);

    recovery_terms const& terms_;
    sio::recoverable_socket socket_;  // as in the pid
    std::optional<user_id> user_;     // the same as in socket_
    log_start from_;                  // what the client had
    bool comes_back_ = false;
    sio::unix_seconds signed_ = 0;  // the last sign of life that was given
};

}  // namespace notify
