// SPDX-License-Identifier: MIT
#include "growth.hpp"

#include "base/unique_fd.hpp"
#include "run.hpp"
#include "testbed.hpp"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <deque>
#include <functional>
#include <stdexcept>
#include <string_view>
#include <tuple>

namespace notify::bench {

namespace {

using namespace std::chrono_literals;

// The outcome of a process' step, as it is sent through a socket.
struct step_report {
    std::uint64_t deliveries = 0;
    std::uint64_t flaws = 0;
    std::array<char, 200> why{};  // why it could not be finished; empty: it was
};

// Runs the loop until the socket can be read or is closed.
void wait_for(poller& loop, int line)
{
    struct watch final : poller::watcher {
        void on_ready(std::uint32_t) override { ready = true; }
        bool ready = false;
    } w;
    loop.add(line, EPOLLIN, w);
    while (!loop.run([&w] { return w.ready; }, 1h)) {
    }
    loop.remove(line, w);
}

// A forked process of the bench that plays a part of the clients, in two steps: they connect, and
// they receive. It ends with the bench, even if that is killed.
class part {
public:
    part(testbed const& bed, scenario const& s)
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
        play(theirs.get(), bed, s);
        ::_exit(0);  // without destructors, which would end the programs that the bench started
    }
    part(part const&) = delete;
    part& operator=(part const&) = delete;
    ~part()
    {
        ::kill(pid_, SIGKILL);  // it has only clients, which need no proper end
        ::waitpid(pid_, nullptr, 0);
    }

    // Starts its next step.
    void go() const { std::ignore = ::send(line_.get(), "g", 1, MSG_NOSIGNAL); }

    // Waits for the end of the step. Throws std::runtime_error if it failed.
    [[nodiscard]] step_report hear(poller& loop) const
    {
        wait_for(loop, line_.get());
        step_report r;
        if (::recv(line_.get(), &r, sizeof r, 0) != sizeof r)
            throw std::runtime_error{"a part of the clients has ended"};
        if (r.why[0] != 0) throw std::runtime_error{r.why.data()};
        return r;
    }

private:
    static void play(int line, testbed const& bed, scenario const& s)
    {
        auto const tell = [line](step_report const& r) {
            std::ignore = ::send(line, &r, sizeof r, MSG_NOSIGNAL);
        };
        try {
            poller loop;
            run clients{loop, bed, s};
            char go = 0;
            auto const goes_on = [&] {
                wait_for(loop, line);
                return ::read(line, &go, 1) == 1;
            };
            if (!goes_on()) return;
            clients.connect();
            tell({});
            if (!goes_on()) return;
            clients.full_speed();
            figures const f = clients.account();
            tell({f.deliveries, f.flaws(), {}});
            goes_on();
        } catch (std::exception const& e) {
            step_report failed;
            std::string_view{e.what()}.copy(failed.why.data(), failed.why.size() - 1);
            tell(failed);
        }
    }

    unique_fd line_;
    pid_t pid_ = -1;
};

}  // namespace

figures measure_growth(poller& loop, contestant const& server, scenario const& s)
{
    figures f;
    f.ran = s;
    f.ran.users = s.users * s.processes;
    testbed const bed{loop, server, 0, s.processes};
    std::deque<part> parts;
    for (scenario of_part = s; parts.size() < s.processes; of_part.first_user += s.users)
        parts.emplace_back(bed, of_part);

    f.resident_bytes = -bed.resident_bytes();
    f.connect = bed.effort_of([&] {
        for (part const& p : parts) {  // one after the other
            p.go();
            std::ignore = p.hear(loop);
        }
    });
    f.resident_bytes += bed.resident_bytes();
    f.load = bed.effort_of([&] {
        for (part const& p : parts) p.go();  // side by side
        for (part const& p : parts) {
            step_report const r = p.hear(loop);
            f.deliveries += r.deliveries;
            f.lost += r.flaws;
        }
    });
    return f;
}

}  // namespace notify::bench
