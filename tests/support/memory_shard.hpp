// SPDX-License-Identifier: MIT
//
// A shard without thread, socket and clock: the test says when a loop turn ends and how much
// time passes.
#pragma once

#include "base/random.hpp"
#include "session/session.hpp"
#include "session/session_context.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <memory>
#include <utility>

namespace notify::test {

using session_ptr = boost::intrusive_ptr<eio::session>;

class memory_shard {
public:
    explicit memory_shard(eio::engine_options const& options = {})
        : context{options, limits, clock, [this] { ++turns_asked; }}
    {
    }

    // Begins a session of an application on a memory_websocket, memory_polling or
    // polling_transport. request is what is kept of the handshake's request, if anything.
    template <class Wire>
    session_ptr open(boost::intrusive_ptr<Wire> const& wire, eio::session_acceptor& application,
                     eio::dialect speaks = {}, std::unique_ptr<eio::handshake> request = nullptr)
    {
        session_ptr const s{new eio::session{context, quota_share{limits.sessions}, random_id(),
                                             wire, std::move(request), speaks}};
        wire->carry(*s);
        context.sessions.insert(s);
        s->start(application.accept(*s));
        return s;
    }

    // Ends the turn: sends what was queued in it, and what is queued by that.
    void end_turn()
    {
        while (turns_ended != turns_asked) {
            ++turns_ended;
            context.flushes.flush();
        }
    }

    // Lets time pass, tick by tick.
    void pass(milliseconds time)
    {
        time_ms const until = clock.after(time);
        end_turn();
        while (clock.now() < until) {
            clock.advance(std::min(clock.after(clock.tick()), until));
            end_turn();
        }
    }

    // How many sessions have ended for this reason.
    [[nodiscard]] std::uint64_t closed(eio::close_reason reason) const
    {
        return context.closed[reason];
    }

    capacity limits;
    shard_clock clock;
    eio::session_context context;
    int turns_asked = 0;
    int turns_ended = 0;
};

}  // namespace notify::test
