// SPDX-License-Identifier: MIT
#include "poller.hpp"

#include "cli/run.hpp"

#include <sys/signalfd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace notify::bench {

using std::chrono::steady_clock;

namespace {

epoll_event interest(std::uint32_t events, poller::watcher* w)
{
    epoll_event e{};
    e.events = events;
    e.data.ptr = w;
    return e;
}

}  // namespace

void check(int returned, char const* what)
{
    if (returned < 0) throw std::system_error{errno, std::system_category(), what};
}

poller::poller() : epoll_{::epoll_create1(EPOLL_CLOEXEC)}
{
    check(epoll_.get(), "epoll_create1");
    watch_signals();
}

void poller::watch_signals()
{
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGINT);
    ::sigaddset(&set, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    signals_ = unique_fd{::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)};
    check(signals_.get(), "signalfd");
    epoll_event e = interest(EPOLLIN, nullptr);  // null marks the signals' descriptor
    check(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, signals_.get(), &e), "epoll_ctl");
}

void poller::on_signal()
{
    throw cli::failure{cli::exit_code::interrupted, "interrupted; what was started is ended"};
}

void poller::add(int fd, std::uint32_t events, watcher& w)
{
    epoll_event e = interest(events, &w);
    check(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &e), "epoll_ctl");
}

void poller::change(int fd, std::uint32_t events, watcher& w)
{
    epoll_event e = interest(events, &w);
    check(::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &e), "epoll_ctl");
}

void poller::remove(int fd, watcher& w)
{
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
    // Events of this batch that are not dispatched yet must not reach a watcher that is gone.
    auto const gone = [&w](epoll_event const& e) { return e.data.ptr == &w; };
    auto const kept = std::remove_if(pending_.begin(), pending_.end(), gone);
    pending_ = pending_.first(static_cast<std::size_t>(kept - pending_.begin()));
}

void poller::turn(milliseconds wait)
{
    int const n = ::epoll_wait(epoll_.get(), batch_.data(), static_cast<int>(batch_.size()),
                               static_cast<int>(wait.count()));
    if (n < 0 && errno != EINTR) check(n, "epoll_wait");
    if (n <= 0) return;
    pending_ = std::span{batch_}.first(static_cast<std::size_t>(n));
    while (!pending_.empty()) {
        epoll_event const e = pending_.front();
        pending_ = pending_.subspan(1);
        if (!e.data.ptr) on_signal();
        static_cast<watcher*>(e.data.ptr)->on_ready(e.events);
    }
}

bool poller::run(std::function<bool()> const& step, milliseconds limit)
{
    constexpr milliseconds most{100};  // so that step is called now and then without events
    auto const until = steady_clock::now() + limit;
    while (!step()) {
        auto const left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
        if (left <= milliseconds{0}) return false;
        turn(std::min(left, most));
    }
    return true;
}

void poller::run_for(milliseconds time)
{
    run([] { return false; }, time);
}

}  // namespace notify::bench
