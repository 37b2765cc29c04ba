// SPDX-License-Identifier: MIT
#include "crowd.hpp"

#include "stamp.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace notify::bench {

crowd::crowd(poller& loop, sockaddr_in const& gateway, std::size_t users, std::size_t tabs_per_user)
    : context_{loop, *this, gateway},
      users_{users},
      tabs_per_user_{tabs_per_user},
      checks_(users * tabs_per_user)
{
    for (std::size_t n = 0; n < checks_.size(); ++n) tabs_.emplace_back(context_, n);
}

void crowd::join(std::vector<std::string> uuids, std::size_t at_once, poller::milliseconds within)
{
    uuids_ = std::move(uuids);
    at_once_ = at_once;
    auto const step = [this] {
        begin_more();
        return subscribed_ == tabs_.size();
    };
    if (!context_.loop.run(step, within))
        throw std::runtime_error{
            fmt::format("{} of {} clients were subscribed in time", subscribed_, tabs_.size())};
    uuids_ = {};
}

void crowd::begin_more()
{
    while (begun_ < tabs_.size() && begun_ - subscribed_ < at_once_) {
        tabs_[begun_].join(std::move(uuids_[begun_]));
        ++begun_;
    }
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
    if (!s || s->user != t.number() / tabs_per_user_) {
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
        std::size_t const user = n / tabs_per_user_;
        std::uint64_t const to_user = sent / users_ + (user < sent % users_ ? 1 : 0);
        sum += checks_[n].lost(static_cast<std::uint32_t>(to_user));
    }
    return sum;
}

}  // namespace notify::bench
