// SPDX-License-Identifier: MIT
#include "base/watchdog.hpp"

#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace notify {

// Shared with the timer's handler. That may be queued already when the watchdog is destroyed, and
// cannot be cancelled then; it would cut a connection that has just succeeded.
struct watchdog::state {
    state(net::any_io_executor const& executor, clock::time_point until, std::function<void()> f)
        : timer{executor, until}, cut{std::move(f)}
    {
    }

    net::steady_timer timer;
    std::function<void()> cut;  // empty once the watchdog is gone
    bool expired = false;
};

watchdog::watchdog(net::any_io_executor const& executor, clock::time_point until,
                   std::function<void()> cut)
    : state_{std::make_shared<state>(executor, until, std::move(cut))}
{
    state_->timer.async_wait([s = state_](error_code const& ec) {
        if (ec || !s->cut) return;
        s->expired = true;
        s->cut();
    });
}

// cut goes first: the handler sees that it is empty. Its captures are let go here, and not only
// when the handler has run, which is later.
watchdog::~watchdog()
{
    state_->cut = nullptr;
    state_->timer.cancel();
}

bool watchdog::expired() const { return state_->expired; }

}  // namespace notify
