// SPDX-License-Identifier: MIT
#include "gateway/end_signals.hpp"

#include <spdlog/spdlog.h>

#include <csignal>

#include <signal.h>
#include <unistd.h>

namespace notify {

namespace {

// True if the signal is ignored already, as it is when the gateway was started by nohup.
bool is_ignored(int signal)
{
    struct sigaction now {};
    ::sigaction(signal, nullptr, &now);
    return now.sa_handler == SIG_IGN;
}

}  // namespace

std::string_view name_of(end_signal s)
{
    switch (s) {
    case end_signal::interrupt: return "SIGINT";
    case end_signal::terminate: return "SIGTERM";
    case end_signal::terminal_closed: return "the terminal was closed";
    case end_signal::none: break;
    }
    return "no signal";
}

// SIGHUP is caught, not ignored, because it may mean that the terminal was closed. Under nohup it
// stays ignored.
end_signals::end_signals() : on_terminal_{::isatty(STDERR_FILENO) == 1}
{
    if (!is_ignored(SIGHUP)) signals_.add(SIGHUP);
    std::signal(SIGUSR1, SIG_IGN);
    std::signal(SIGUSR2, SIG_IGN);
}

// A SIGHUP while there is no terminal is a wish to read the settings again, which a gateway cannot
// do; it says so instead of doing nothing in silence.
end_signal end_signals::wait()
{
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    for (;;) {
        caught_ = 0;
        signals_.async_wait([this](error_code const&, int number) { caught_ = number; });
        while (caught_ == 0 && !given_up_) loop_.run_one();
        if (given_up_) return end_signal::none;
        if (caught_ == SIGINT) return end_signal::interrupt;
        if (caught_ == SIGTERM) return end_signal::terminate;
        if (terminal_is_closed()) return end_signal::terminal_closed;
        spdlog::warn("SIGHUP: settings cannot be read again while it runs; restart it for that");
    }
}

// The kernel sends SIGHUP to a program whose terminal is closed, and isatty() fails from then on.
// That tells it apart from a SIGHUP that somebody has sent.
bool end_signals::terminal_is_closed() const
{
    return on_terminal_ && ::isatty(STDERR_FILENO) != 1;
}

}  // namespace notify
