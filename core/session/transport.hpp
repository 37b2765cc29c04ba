// SPDX-License-Identifier: MIT
//
// The wire of a session, as the session sees it. What comes in, a transport
// gives to its session; what goes out, it takes from the session's outbox.
// WebSocket and polling implement it in `http`; tests do in memory.
//
// Belongs to one shard. Counted: the session holds one reference, whoever reads
// the socket holds another.
#pragma once

#include "protocol/engine_query.hpp"
#include "session/close_reason.hpp"

#include <boost/smart_ptr/intrusive_ref_counter.hpp>

namespace notify::eio {

class transport : public boost::intrusive_ref_counter<transport, boost::thread_unsafe_counter> {
public:
    virtual ~transport() = default;

    [[nodiscard]] virtual transport_kind kind() const = 0;

    // The session's outbox is not empty: send what the wire takes. It may end
    // the session, when it finds the wire broken.
    virtual void flush() = 0;

    // Another transport is being tried, or has taken over: whoever waits here for
    // packets gets what is queued, if only a noop, so that it ends.
    virtual void yield() {}

    // The session is over, or goes on without this transport (upgrade_timeout),
    // and takes nothing from it any more. Sends what is queued as far as the
    // wire takes it at once, says good-bye as far as there is memory for it, and ends.
    virtual void end(close_reason reason) noexcept = 0;
};

}  // namespace notify::eio
