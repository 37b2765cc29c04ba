// SPDX-License-Identifier: MIT
#include "crowd.hpp"

#include "stamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace notify::bench {

using namespace std::chrono_literals;

crowd::crowd(poller& l, sockaddr_in const& s, scenario const& sc)
    : tab_context{l, s, sc.storm ? proof::cookie : proof::uuid}, scenario_{sc}, due_(sc.tabs())
{
    for (std::size_t n = 0; n < due_.size(); ++n) tabs_.push_back(make_tab(sc.by, *this, n));
}

void crowd::join(std::vector<std::string> who, std::size_t at_once)
{
    who_ = std::move(who);
    at_once_ = at_once;
    await_all();
    who_ = {};
}

void crowd::recover(std::size_t at_once)
{
    at_once_ = at_once;
    await_all();
}

void crowd::await_all()
{
    begun_ = subscribed_ = 0;
    auto const step = [this] {
        begin_more();
        return subscribed_ == tabs_.size();
    };
    if (!loop.run(step, 120s))
        throw std::runtime_error{
            fmt::format("{} of {} clients were subscribed in time", subscribed_, tabs_.size())};
}

void crowd::begin_more()
{
    while (begun_ < tabs_.size() && begun_ - subscribed_ < at_once_) {
        who_.empty() ? tabs_[begun_]->recover() : tabs_[begun_]->join(std::move(who_[begun_]));
        ++begun_;
    }
}

void crowd::leave()
{
    for (auto const& t : tabs_) t->leave();
}

void crowd::on_failed(std::size_t tab, std::string_view why)
{
    if (subscribed_ < tabs_.size())
        throw std::runtime_error{fmt::format("client {}: {}", tab, why)};
    ++dropped_;  // what it misses from now on counts as lost
}

void crowd::on_notification(std::size_t tab, std::string_view text)
{
    auto const s = parse_stamp(text);
    if (!s || s->user != scenario_.user_of(tab)) {
        ++strays_;
        return;
    }
    ++received_;
    if (std::exchange(due_[tab], s->sequence + 1) != s->sequence) ++misplaced_;
    if (latencies_)
        latencies_->push_back(static_cast<std::uint32_t>((nanoseconds_now() - s->sent_at) / 100));
}

void crowd::account(figures& f, std::uint64_t published) const
{
    std::uint64_t const due = published * scenario_.tabs_per_user;
    f.lost = due - std::min(due, received_);
    f.misplaced = misplaced_;
    f.strays = strays_;
    f.dropped = dropped_;
}

}  // namespace notify::bench
