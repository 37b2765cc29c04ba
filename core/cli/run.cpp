// SPDX-License-Identifier: MIT
#include "cli/run.hpp"

#include "base/stderr_sink.hpp"
#include "cli/output.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace notify::cli {

namespace {

std::string tool_name = "notify";  // said before each complaint
bool interruptible = true;         // unless started with SIGINT ignored

// A signal handler, so it may do next to nothing. It is for the time before run_async(), in which a
// tool reads its input or its files and nothing has been sent.
extern "C" void end_at_interrupt(int) { ::_exit(static_cast<int>(exit_code::interrupted)); }

// Ignoring SIGPIPE makes write() fail with EPIPE instead, which is told from a full disk. A process
// that was started with SIGINT ignored (`… &` in a script) keeps it so: the Ctrl-C that ends the
// script is not for what it has put into the background.
void watch_signals()
{
    ::signal(SIGPIPE, SIG_IGN);
    struct sigaction now {};
    ::sigaction(SIGINT, nullptr, &now);
    interruptible = now.sa_handler != SIG_IGN;
    if (!interruptible) return;
    now = {};
    now.sa_handler = end_at_interrupt;
    ::sigaction(SIGINT, &now, nullptr);
}

// If one of these descriptors is closed (`… 2>&-`), the next socket would get its number, and what
// is meant for people would be written to a client or to Redis. /dev/null takes its place, opened
// the wrong way round: what is read or written there fails, as it would on a closed descriptor.
void open_standard_streams()
{
    for (int const fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(fd, F_GETFD) < 0)
            std::ignore = ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

// Straight to stderr; notify-gateway puts its queue (base/log_queue) in the place of this.
void begin_log()
{
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>(tool_name, std::make_shared<stderr_sink>()));
}

// `notify-token --count 9 … | head -1` ends when head has seen enough: no error. Anything else,
// such as a full disk, means that results are missing, and a script has to notice.
[[noreturn]] void output_failed(int reason)
{
    if (reason == EPIPE) throw output_closed{};
    throw failure{exit_code::failed,
                  std::string{"cannot write the results: "} + std::strerror(reason)};
}

// stdout is flushed before a complaint, so that the results stand before the sentence that says why
// there are no more. If this flush fails too, nothing is said of it: one complaint is enough.
exit_code guarded(std::function<exit_code()> const& main)
{
    try {
        exit_code const code = main();
        flush_output();
        return code;
    } catch (finished const& f) {
        return f.code;
    } catch (output_closed const&) {
        return exit_code::done;
    } catch (failure const& f) {
        std::fflush(stdout);
        complain(f.what());
        return f.code();
    } catch (std::exception const& e) {
        std::fflush(stdout);
        complain(e.what());
        return exit_code::failed;
    }
}

}  // namespace

int run(std::string_view name, std::function<exit_code()> const& main)
{
    tool_name = name;
    open_standard_streams();
    watch_signals();
    begin_log();
    return static_cast<int>(guarded(main));
}

// A signal that comes before the loop runs is not lost: the signal_set queues it.
exit_code run_async(net::awaitable<exit_code> work)
{
    exit_code code = exit_code::failed;
    std::exception_ptr thrown;
    net::io_context context{1};
    net::signal_set signals{context, SIGTERM};
    if (interruptible) signals.add(SIGINT);  // takes the place of end_at_interrupt
    signals.async_wait([&](error_code const& ec, int number) {
        if (ec) return;
        code = static_cast<exit_code>(128 + number);
        context.stop();
    });
    net::co_spawn(context, std::move(work), [&](std::exception_ptr e, exit_code c) {
        thrown = e;
        code = c;
        context.stop();
    });
    // If a signal stopped the loop, the coroutine is still suspended; the context's destructor
    // destroys it.
    context.run();
    if (thrown) std::rethrow_exception(thrown);
    return code;
}

void print(std::string_view text)
{
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) output_failed(errno);
}

void flush_output()
{
    if (std::fflush(stdout) != 0) output_failed(errno);
}

// One call of fwrite, so that lines of two processes on one terminal do not mix.
void complain(std::string_view text)
{
    std::string const line = tool_name + ": " + std::string{text} + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr);
}

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

}  // namespace notify::cli
