// SPDX-License-Identifier: MIT
#include "gateway/receipts.hpp"

#include <exception>
#include <utility>

namespace notify {

receipts::receipts(hub& h, shard_clock& clock, std::string gateway, publish p)
    : hub_{h}, clock_{clock}, gateway_{std::move(gateway)}, publish_{std::move(p)}
{
    hub_.tell_receipts(*this);
}

// A request that cannot be kept for want of memory is not answered: its sender hears nothing in
// time, which says as much.
void receipts::on_receipt_asked(std::string_view channel, position const& where,
                                receipt_request const& request)
{
    bool const wants_seen = request.of == "seen";
    if (!request.channel.starts_with(reply_prefix) || (!wants_seen && request.of != "written"))
        return;
    if (asked_.size() == max_kept) asked_.pop_front();
    asked_.push_back({std::string{channel}, where, std::string{request.channel}, wants_seen, false,
                      clock_.now()});
}

void receipts::tend()
{
    if (asked_.empty()) return;
    std::erase_if(asked_, [this](asked& a) { return settle(a); });
}

bool receipts::settle(asked& a)
{
    if (!a.is_answered) {
        auto const now = hub_.reach_of(a.channel, a.where);
        bool const is_late = clock_.now() >= a.at + static_cast<time_ms>(write_within.count());
        if (now.waiting > 0 && !is_late) return false;
        a.is_answered = true;
        answer(a, {id_of(a.where), gateway_, false, now.written});
    }
    return !a.wants_seen || clock_.now() >= a.at + static_cast<time_ms>(see_within.count());
}

void receipts::on_seen(std::string_view channel, std::string_view id)
{
    std::erase_if(asked_, [&](asked& a) {
        if (!a.wants_seen || a.channel != channel || id_of(a.where) != id) return false;
        answer(a, {std::string{id}, gateway_, true, 0});
        return true;
    });
}

void receipts::answer(asked const& a, receipt const& r) noexcept
{
    try {
        publish_(a.reply, to_text(r));
    } catch (std::exception const&) {
        return;  // without memory the sender hears nothing, as if its time were over
    }
}

}  // namespace notify
