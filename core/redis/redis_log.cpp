// SPDX-License-Identifier: MIT
#include "redis/redis_log.hpp"

#include "redis/log_scripts.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>

namespace notify::redis {

std::uint64_t redis_log::server_time() const
{
    using namespace std::chrono;
    return static_cast<std::uint64_t>(
        duration_cast<microseconds>(system_clock::now().time_since_epoch()).count());
}

void redis_log::read(std::string_view channel, log_start const& from, std::uint64_t number)
{
    read_script().run(redis_, channel,
                      {to_text(from), fmt::to_string(max_entries), fmt::to_string(max_bytes)},
                      [this, channel = std::string{channel}, number](
                          result<reply_view> const& reply) { on_reply(channel, number, reply); });
}

void redis_log::lead_to_subscriptions(bool yes)
{
    bool const was_up = up();
    leads_to_subscriptions_ = yes;
    if (listener_ && up() && !was_up) listener_->on_log_up();
}

// Without memory for the answer the read has failed, as any other may.
void redis_log::on_reply(std::string const& channel, std::uint64_t number,
                         result<reply_view> const& reply)
{
    log_answer told;
    try {
        if (!reply)
            fail(reply.error().message);
        else
            told = answer_of(*reply);
    } catch (std::exception const&) {
        told = {};
    }
    listener_->on_answer(channel, number, told);
    entries_.clear();
}

// {what, base, more, element…}
log_answer redis_log::answer_of(reply_view reply)
{
    log_answer told;
    if (reply.is_error()) {
        fail(quoted_error(reply));
        return told;
    }
    if (reply.size() < 3) {
        fail("it has another form than the script gives it");
        return told;
    }
    auto element = reply.begin();
    auto const what = (*element).text();
    told.base = parse_position((*++element).text());
    told.more = (*++element).integer() != 0;
    entries_.clear();
    for (++element; element != reply.end(); ++element)
        if (auto e = parse_element((*element).text(), max_entry_))
            entries_.push_back(std::move(*e));
    mark_replaced(entries_);
    told.entries = entries_;
    told.what = what == "follows" ? log_answer::outcome::follows : log_answer::outcome::gone;
    return told;
}

void redis_log::fail(std::string why)
{
    ++failures_.count;
    failures_.newest = std::move(why);
}

}  // namespace notify::redis
