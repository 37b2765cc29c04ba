// SPDX-License-Identifier: MIT
//
// The wire of a session, as the session sees it. One of the two interfaces by which calls come up
// the rooms: what comes in, a transport gives to its session (on_packet, on_transport_end); what
// goes out, it takes from the session's outbox.
//
// wire/websocket_transport and wire/polling_transport implement it; tests do so in memory. During
// an upgrade a session has two of them, see session.hpp.
//
// Belongs to one shard. Counted by reference: the session holds one, and whoever reads the socket
// holds another, so a transport may end while either is using it.
#pragma once

#include "protocol/engine_query.hpp"
#include "session/close_reason.hpp"

#include <boost/smart_ptr/intrusive_ref_counter.hpp>

namespace notify::eio {

class transport : public boost::intrusive_ref_counter<transport, boost::thread_unsafe_counter> {
public:
    virtual ~transport() = default;

    // polling or websocket; never changes.
    [[nodiscard]] virtual transport_kind kind() const = 0;

    // Called when the session's outbox is not empty: sends what the wire takes without waiting, and
    // takes that out of the outbox. What is left is sent by the transport itself when there is room
    // again. On a wire that turns out to be broken it calls on_transport_end(), which may end the
    // session. During an upgrade, on the transport that probes, it sends `3probe` only.
    virtual void flush() = 0;

    // Called during an upgrade on the polling transport: another transport is being tried, or has
    // taken over. A GET that waits is answered with what is queued, or with a noop, so that it
    // ends: the client waits for that before it goes on.
    virtual void yield() {}

    // Called once, when the session is over or goes on without this transport (upgrade_timeout);
    // the session takes nothing from it any more. Sends what is queued as far as the wire takes it
    // at once, says good-bye as far as there is memory for it, and closes.
    virtual void end(close_reason reason) noexcept = 0;
};

}  // namespace notify::eio
