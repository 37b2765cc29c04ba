// SPDX-License-Identifier: MIT
#include "metronome.hpp"

#include <sys/timerfd.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace notify::bench {

metronome::metronome(poller& loop, double per_second, handler h)
    : loop_{loop},
      handler_{std::move(h)},
      timer_{::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)}
{
    double const period = 1 / per_second;
    itimerspec spec{};
    spec.it_interval.tv_sec = static_cast<time_t>(period);
    spec.it_interval.tv_nsec =
        std::min(std::lround((period - std::floor(period)) * 1e9), 999'999'999L);
    spec.it_value = spec.it_interval;
    if (::timerfd_settime(timer_.get(), 0, &spec, nullptr) != 0)
        throw std::runtime_error{"cannot set a timer"};
    loop_.add(timer_.get(), EPOLLIN, *this);
}

metronome::~metronome() { loop_.remove(timer_.get(), *this); }

void metronome::on_ready(std::uint32_t)
{
    std::uint64_t ticks = 0;
    if (::read(timer_.get(), &ticks, sizeof ticks) == sizeof ticks) handler_(ticks);
}

}  // namespace notify::bench
