// SPDX-License-Identifier: MIT
#include "crowd.hpp"

#include "stamp.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace notify::bench {

crowd::crowd(poller& loop, sockaddr_in const& server, scenario const& s)
    : context_{loop, *this, server}, scenario_{s}, checks_(s.tabs())
{
    for (std::size_t n = 0; n < checks_.size(); ++n) tabs_.push_back(make_tab(s.by, context_, n));
}

void crowd::join(std::vector<tab::identity> who, std::size_t at_once, poller::milliseconds within)
{
    who_ = std::move(who);
    at_once_ = at_once;
    begun_ = subscribed_ = 0;
    auto const step = [this] {
        begin_more();
        return subscribed_ == tabs_.size();
    };
    if (!context_.loop.run(step, within))
        throw std::runtime_error{
            fmt::format("{} of {} clients were subscribed in time", subscribed_, tabs_.size())};
    who_ = {};
}

void crowd::begin_more()
{
    while (begun_ < tabs_.size() && begun_ - subscribed_ < at_once_) {
        tabs_[begun_]->join(std::move(who_[begun_]));
        ++begun_;
    }
}

void crowd::leave()
{
    for (auto const& t : tabs_) t->leave();
}

void crowd::on_subscribed(tab&) { ++subscribed_; }

void crowd::on_failed(tab& t, std::string_view why)
{
    if (subscribed_ < tabs_.size())
        throw std::runtime_error{fmt::format("client {}: {}", t.number(), why)};
    ++dropped_;  // what it misses is counted as lost
}

void crowd::on_notification(tab& t, std::string_view text)
{
    auto const s = parse_stamp(text);
    if (!s || s->user != scenario_.user_of(t.number())) {
        ++strays_;
        return;
    }
    ++received_;
    using verdict = sequence_check::verdict;
    verdict const v = checks_[t.number()].take(s->sequence);
    if (v == verdict::out_of_order) ++out_of_order_;
    if (v == verdict::duplicate) ++duplicates_;
    if (latency_) latency_->add(nanoseconds_now() - s->sent_at);
}

std::uint64_t crowd::lost(std::uint64_t sent) const
{
    std::uint64_t sum = 0;
    for (std::size_t n = 0; n < checks_.size(); ++n) {
        std::size_t const user = n / scenario_.tabs_per_user;
        std::uint64_t const to_user =
            sent / scenario_.users + (user < sent % scenario_.users ? 1 : 0);
        sum += checks_[n].lost(static_cast<std::uint32_t>(to_user));
    }
    return sum;
}

}  // namespace notify::bench
