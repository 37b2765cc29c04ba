// SPDX-License-Identifier: MIT
#include "worker.hpp"

#include <fmt/format.h>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <utility>

namespace notify::bench {

namespace {

using namespace std::chrono_literals;

// Serves the loop until something is on the line, or its end.
void wait_for(poller& loop, int line)
{
    struct watch final : poller::watcher {
        void on_ready(std::uint32_t) override { ready = true; }
        bool ready = false;
    } w;
    loop.add(line, EPOLLIN, w);
    while (!w.ready) loop.run([&w] { return w.ready; }, 1h);
    loop.remove(line, w);
}

// False: the bench is gone.
bool wait_for_go(poller& loop, int line)
{
    wait_for(loop, line);
    char byte = 0;
    return ::read(line, &byte, 1) == 1;
}

step_report failed(std::string_view why)
{
    step_report r;
    why.copy(r.why.data(), r.why.size() - 1);
    if (why.empty()) r.why[0] = '?';
    return r;
}

void work(int line, std::function<std::vector<worker::step>(poller&)> const& make_steps)
{
    auto const tell = [line](step_report const& r) {
        std::ignore = ::send(line, &r, sizeof r, MSG_NOSIGNAL);
    };
    try {
        poller loop;
        auto const steps = make_steps(loop);
        for (auto const& step : steps) {
            if (!wait_for_go(loop, line)) return;
            tell(step());
        }
        std::ignore = wait_for_go(loop, line);
    } catch (std::exception const& e) {
        tell(failed(e.what()));
    }
}

}  // namespace

worker::worker(std::function<std::vector<step>(poller& loop)> const& make_steps)
{
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        throw std::runtime_error{"cannot make a pair of sockets"};
    line_ = unique_fd{ends[0]};
    unique_fd const theirs{ends[1]};
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error{"cannot fork: no more processes"};
    if (pid_ > 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    line_ = unique_fd{};
    work(theirs.get(), make_steps);
    ::_exit(0);  // what the bench has started is the bench's to end
}

worker::worker(worker&& other) noexcept
    : line_{std::move(other.line_)}, pid_{std::exchange(other.pid_, -1)}
{
}

worker::~worker()
{
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);  // it has nothing to end but its clients
    ::waitpid(pid_, nullptr, 0);
}

void worker::go() { std::ignore = ::send(line_.get(), "g", 1, MSG_NOSIGNAL); }

step_report worker::hear(poller& loop)
{
    wait_for(loop, line_.get());
    step_report r;
    if (::recv(line_.get(), &r, sizeof r, 0) != sizeof r)
        throw std::runtime_error{"a part of the clients has ended"};
    if (r.why[0] != 0) throw std::runtime_error{r.why.data()};
    return r;
}

}  // namespace notify::bench
