// SPDX-License-Identifier: MIT
#include "child_process.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace notify::bench {

namespace {

// Runs in the child, and calls only what is allowed between fork and exec.
[[noreturn]] void become(char* const* args, char* const* environment, char const* log, pid_t parent)
{
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(1);  // the parent ended before that took effect
    ::setpgid(0, 0);                        // Ctrl-C is the bench's to handle
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::dup2(::open("/dev/null", O_RDONLY), 0);
    ::dup2(::open(log, O_WRONLY | O_CREAT | O_APPEND, 0600), 1);
    ::dup2(1, 2);
    ::execvpe(args[0], args, environment);
    ::_exit(127);
}

}  // namespace

child_process::child_process(std::vector<std::string> args, std::filesystem::path const& log,
                             std::vector<int> const& cores)
{
    std::vector<char*> argv;
    for (std::string& a : args) argv.push_back(a.data());
    argv.push_back(nullptr);
    char const* const path = std::getenv("PATH");
    std::string environment = std::string{"PATH="} + (path ? path : "/usr/bin:/bin");
    char* const envp[] = {environment.data(), nullptr};
    pid_t const parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) become(argv.data(), envp, log.c_str(), parent);
    if (pid_ < 0) throw std::runtime_error{"cannot start " + args[0] + ": no more processes"};
    pin(pid_, cores);  // before it makes threads, which inherit this
}

bool child_process::has_ended()
{
    if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
    return pid_ < 0;
}

child_process::~child_process()
{
    if (has_ended()) return;
    ::kill(pid_, SIGTERM);
    for (int tries = 0; tries < 1'000; ++tries) {
        if (has_ended()) return;
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void pin(pid_t process, std::vector<int> const& cores)
{
    if (cores.empty()) return;
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int const core : cores) CPU_SET(static_cast<unsigned>(core), &set);
    ::sched_setaffinity(process, sizeof set, &set);
}

std::vector<int> usable_cores()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    ::sched_getaffinity(0, sizeof set, &set);
    std::vector<int> cores;
    for (int core = 0; core < CPU_SETSIZE; ++core)
        if (CPU_ISSET(static_cast<unsigned>(core), &set)) cores.push_back(core);
    return cores;
}

}  // namespace notify::bench
