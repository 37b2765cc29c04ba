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
std::string_view end_signals::wait()
{
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    for (;;) {
        int signal = 0;
        signals_.async_wait([&signal](error_code const&, int number) { signal = number; });
        while (signal == 0) loop_.run_one();
        if (signal == SIGINT) return "SIGINT";
        if (signal == SIGTERM) return "SIGTERM";
        if (terminal_is_closed()) return "the terminal was closed";
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
