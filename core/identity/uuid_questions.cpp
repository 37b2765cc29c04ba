// SPDX-License-Identifier: MIT
#include "identity/uuid_questions.hpp"

#include "base/until_memory.hpp"

#include <fmt/format.h>

#include <new>
#include <utility>

namespace notify {

namespace {

// How often those who wait have a look whether Redis is back. They have to look, since redis_client
// tells one listener that it is up, and that is the shard.
constexpr std::chrono::milliseconds glance{20};

refusal not_asked(std::string_view why)
{
    return {internal_code::redis_failed, "Redis cannot be asked now", std::string{why}};
}

}  // namespace

// The deadline is set even if Redis is up: the question may come back from a wrong server and wait
// after all, and then no longer than from now.
void uuid_questions::ask(std::string_view uuid, identity_listener& l)
{
    // What is no uuid is not kept, since it may be as long as a message. It does not wait either:
    // uuid_cookies refuses the empty one without Redis.
    question const q{std::string{is_uuid_like(uuid) ? uuid : ""}, clock::now() + patience_,
                     std::make_shared<lookup>()};
    if (redis_.up() || q.uuid.empty()) {
        q.asked->add(l);
        return put(q);
    }
    if (waiting_.size() >= max_waiting)
        return l.on_identity(
            not_asked(fmt::format("{} questions already wait for Redis", waiting_.size())));
    waiting_.push_back(q);  // what may throw comes before l is linked
    q.asked->add(l);
    if (waiting_.size() == 1) look_soon();
}

void uuid_questions::put(question const& q)
{
    cookies_.consume(q.uuid, [this, q](identity_answer const& who) { on_answer(q, who); });
}

// If Redis was the wrong server, the next one may answer: the question waits again, at the head,
// since it is older than all who wait. If there is no memory or no room for that, or its time is
// over, the refusal is the answer.
void uuid_questions::on_answer(question const& q, identity_answer const& who)
{
    bool const may_wait = !who && who.error().ask_again && clock::now() < q.until &&
                          q.asked->wanted() && waiting_.size() < max_waiting;
    if (!may_wait) return q.asked->finish(who);
    try {
        waiting_.push_front(q);
    } catch (std::bad_alloc const&) {
        return q.asked->finish(who);
    }
    if (waiting_.size() == 1) look_soon();
}

// The timer is what gets everybody in waiting_ an answer. If there is no memory to wait for it, the
// shard waits for memory (until_memory).
void uuid_questions::look_soon()
{
    timer_.expires_after(glance);
    auto const on_time = [this](error_code ec) {
        if (!ec) look();
    };
    until_memory([&] { timer_.async_wait(on_time); });
}

// Arms the next look first: if this one fails, those who are left are looked after then.
void uuid_questions::look()
{
    if (waiting_.empty()) return;
    look_soon();
    ask_waiting();
    refuse_late();
}

// A question is taken out after it has been sent: if there is no memory to send it, it is still the
// first. Redis can be lost again between two of them.
void uuid_questions::ask_waiting()
{
    for (; !waiting_.empty() && redis_.up(); waiting_.pop_front())
        if (waiting_.front().asked->wanted()) put(waiting_.front());
}

void uuid_questions::refuse_late()
{
    auto const now = clock::now();
    while (!waiting_.empty() && waiting_.front().until <= now)
        refuse_oldest(fmt::format("Redis was not back within {} ms", patience_.count()));
}

// Taken out of the list before anybody is told: whoever is told may ask again, which adds to it.
void uuid_questions::refuse_oldest(std::string_view why)
{
    identity_answer const answer = not_asked(why);
    auto const asked = std::move(waiting_.front().asked);
    waiting_.pop_front();
    asked->finish(answer);
}

void uuid_questions::stop()
{
    while (!waiting_.empty()) refuse_oldest("shutting down");
    timer_.cancel();
}

}  // namespace notify
