// SPDX-License-Identifier: MIT
#include "http/request_pacer.hpp"

#include "base/until_memory.hpp"

#include <utility>

namespace notify {

// One who waits for a turn. The coroutine waits for the timer, which ends by itself after max_wait,
// or is cancelled by who sets the state. So there is one thing to await, and no list of handlers.
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

// Keeps a waiter in the line as long as its coroutine waits, also if that ends by an exception. A
// waiter that was granted or refused a turn was taken out by then: to look for it would cost a walk
// through its client's list, and with 10,000 in it a hundred million comparisons for a crowd.
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

// One failure may be a connection that a restart has cut; so many in a row are no accident.
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
    // Joins the line first and makes room afterwards, so that the newcomer counts like all others
    // when it is decided who is crowded out. It may be the newcomer itself.
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

// `failed` changes nothing: it may be the fault of this one answer. Requests that began before a
// pause and fail during it do not make the pause longer: they tell nothing new.
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

// The turn is taken here, for the waiter, and not when its coroutine resumes: in between, somebody
// who comes anew would find it free.
void request_pacer::grant_turns()
{
    while (!waiting_.empty() && may_ask()) {
        ++asking_;
        waiting_.pop()->end(waiter::state::granted);
    }
}

// Refuses all who wait, and begins a pause. They have waited for the try that just failed, and
// share its failure. The next try, after the pause, is for whoever comes from now on.
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

// The waiters stay in state `waiting`; take_turn() sees stopped_ and leaves the line.
void request_pacer::stop()
{
    stopped_ = true;
    pause_.cancel();
    waiting_.for_each([](auto const& w) { w->timer.cancel(); });
}

}  // namespace notify
