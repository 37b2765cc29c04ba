// SPDX-License-Identifier: MIT
#include "gateway/end_signals.hpp"

#include <spdlog/spdlog.h>

#include <csignal>

#include <signal.h>
#include <unistd.h>

namespace notify {

namespace {

// So started by nohup.
bool is_ignored(int signal)
{
    struct sigaction now {};
    ::sigaction(signal, nullptr, &now);
    return now.sa_handler == SIG_IGN;
}

}  // namespace

end_signals::end_signals() : on_terminal_{::isatty(STDERR_FILENO) == 1}
{
    if (!is_ignored(SIGHUP)) signals_.add(SIGHUP);
    std::signal(SIGUSR1, SIG_IGN);
    std::signal(SIGUSR2, SIG_IGN);
}

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

bool end_signals::terminal_is_closed() const
{
    return on_terminal_ && ::isatty(STDERR_FILENO) != 1;
}

}  // namespace notify
