// SPDX-License-Identifier: MIT
#include "http/request_pacer.hpp"

#include "base/until_memory.hpp"

#include <utility>

namespace notify {

// The timer ends the wait, one way or the other.
struct request_pacer::waiter {
    enum class state { waiting, granted, refused, crowded_out };

    waiter(net::io_context& loop, std::chrono::milliseconds within) : timer{loop, within} {}

    void end(state how)
    {
        now = how;
        timer.cancel();
    }

    net::steady_timer timer;
    state now = state::waiting;
};

// A place in line, as long as whoever stands there. Who was granted a turn, or
// refused one, has left it already: in a crowd nobody looks through the line.
struct request_pacer::place {
    place(line& l, std::uint64_t c, std::shared_ptr<waiter> w)
        : all{l}, client{c}, mine{std::move(w)}
    {
        all.push(client, mine);
    }
    ~place()
    {
        if (mine->now == waiter::state::waiting) all.remove(client, mine);
    }

    line& all;
    std::uint64_t const client;
    std::shared_ptr<waiter> const mine;
};

// So many failures in a row are no accident.
bool request_pacer::down() const { return unreachable_ >= 3; }

bool request_pacer::may_ask() const
{
    return !pausing_ && asking_ < (down() ? 1 : options_.at_once);
}

net::awaitable<result<void>> request_pacer::take_turn(std::uint64_t client)
{
    if (stopped_) co_return error{"shutting down"};
    if (may_ask()) {
        ++asking_;
        co_return result<void>{};
    }
    auto const mine = std::make_shared<waiter>(loop_, options_.max_wait);
    place const in_line{waiting_, client, mine};
    if (waiting_.size_of(client) > options_.max_waiting_each)
        waiting_.pop_oldest_of(client)->end(waiter::state::crowded_out);
    else if (waiting_.size() > options_.max_waiting)
        waiting_.pop_crowding(client)->end(waiter::state::crowded_out);
    if (mine->now == waiter::state::waiting) co_await mine->timer.async_wait(as_result);
    switch (mine->now) {
    case waiter::state::granted: co_return result<void>{};
    case waiter::state::refused: co_return error{"it cannot be reached"};
    case waiter::state::crowded_out: co_return error{"too many are waiting"};
    case waiter::state::waiting: break;
    }
    co_return error{stopped_ ? "shutting down" : "too busy to be asked in time"};
}

void request_pacer::end_turn(ask_outcome how) noexcept
{
    --asking_;
    if (how == ask_outcome::answered) {
        unreachable_ = 0;
        pauses_.reset();
        pausing_ = false;
    } else if (how == ask_outcome::unreachable && !pausing_) {  // else it began before the pause
        ++unreachable_;
        if (down()) refuse_waiting();
    }
    grant_turns();
}

void request_pacer::grant_turns()
{
    while (!waiting_.empty() && may_ask()) {
        ++asking_;
        waiting_.pop()->end(waiter::state::granted);
    }
}

// Those who wait have waited for the try that just failed. The next one is for
// who comes from now on.
void request_pacer::refuse_waiting()
{
    while (!waiting_.empty()) waiting_.pop()->end(waiter::state::refused);
    pausing_ = true;
    pause_.expires_after(pauses_.next());
    auto const on_time = [this](error_code ec) {
        if (ec) return;
        pausing_ = false;
        grant_turns();
    };
    until_memory([&] { pause_.async_wait(on_time); });
}

void request_pacer::stop()
{
    stopped_ = true;
    pause_.cancel();
    waiting_.for_each([](auto const& w) { w->timer.cancel(); });
}

}  // namespace notify
