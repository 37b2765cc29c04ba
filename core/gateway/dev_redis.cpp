// SPDX-License-Identifier: MIT
#include "gateway/dev_redis.hpp"

#include "base/net.hpp"
#include "base/spawn.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>

namespace notify {

namespace fs = std::filesystem;

namespace {

// True if something accepts a connection there. Whether it is a Redis is found out by the shards,
// which then say what is wrong with it.
bool answers(stream_address const& address)
{
    net::io_context loop;
    stream probe{loop.get_executor()};
    bool connected = false;
    auto const connect = [&]() -> net::awaitable<void> {
        connected = (co_await probe.connect(address, std::chrono::seconds{2})).has_value();
    };
    spawn(loop.get_executor(), connect(), "probe of Redis");
    loop.run();
    return connected;
}

// Returns the endpoint where --dev may start a Redis: plain TCP on a loopback address. A Redis
// without a password must not be reachable from elsewhere.
tcp::endpoint loopback_endpoint(redis::redis_options const& options)
{
    net::io_context loop;
    tcp::resolver resolver{loop};
    error_code ec;
    stream_address const& a = options.address;
    if (a.how == stream_address::kind::plain) {
        auto const found =
            resolver.resolve(a.host, std::to_string(a.port), tcp::resolver::numeric_service, ec);
        if (!ec && !found.empty() && found.begin()->endpoint().address().is_loopback())
            return found.begin()->endpoint();
    }
    throw std::runtime_error{fmt::format(
        "no Redis answers at {}, and --dev starts one only on a loopback address such as {}",
        options.display(), redis::redis_options::default_url)};
}

// mkdtemp makes the folder with mode 0700.
fs::path make_private_folder()
{
    std::string pattern = (fs::temp_directory_path() / "notify-dev-XXXXXX").string();
    if (!::mkdtemp(pattern.data()))
        throw std::runtime_error{fmt::format("cannot make a folder like {}", pattern)};
    return pattern;
}

// The child, between fork and exec. The process may have other threads (the log's), so only
// functions that are async-signal-safe may be called: no allocation, no C++ strings.
[[noreturn]] void become_redis(pid_t parent, char const* address, char const* port,
                               char const* folder, char const* log)
{
    // Has the kernel end Redis with the gateway, also when that is killed. The signal is tied to
    // the thread that forked, which is the main thread and lives as long as the process.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(1);  // the gateway ended before that took effect
    ::setpgid(0, 0);                        // Ctrl-C goes to the gateway alone
    int const out = ::open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    int const null = ::open("/dev/null", O_RDONLY);
    ::dup2(null, 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::execlp("redis-server", "redis-server", "--bind", address, "--port", port, "--save", "",
             "--appendonly", "no", "--dir", folder, static_cast<char*>(nullptr));
    ::_exit(127);  // redis-server was not found
}

bool has_ended(pid_t process) { return ::waitpid(process, nullptr, WNOHANG) == process; }

}  // namespace

void dev_redis::start_if_missing(redis::redis_options const& options)
{
    if (answers(options.address)) return;
    tcp::endpoint const at = loopback_endpoint(options);
    folder_ = make_private_folder();
    std::string const address = at.address().to_string();
    std::string const port = std::to_string(at.port());
    std::string const log = (folder_ / "redis.log").string();

    pid_t const parent = ::getpid();
    process_ = ::fork();
    if (process_ == 0)
        become_redis(parent, address.c_str(), port.c_str(), folder_.c_str(), log.c_str());
    if (process_ < 0) throw std::runtime_error{"cannot start redis-server: no more processes"};
    // It answers within some milliseconds. If it has ended instead, it is not installed, or
    // something else has taken the port.
    for (int tries = 0; tries < 500; ++tries) {
        if (answers(options.address)) return;
        if (has_ended(process_)) {
            process_ = -1;
            throw std::runtime_error{fmt::format(
                "cannot start redis-server on {}:{}; is it installed? (apt install redis-server)",
                address, port)};
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    throw std::runtime_error{fmt::format("redis-server on {}:{} does not answer", address, port)};
}

dev_redis::~dev_redis()
{
    if (process_ > 0) {
        ::kill(process_, SIGTERM);
        ::waitpid(process_, nullptr, 0);
    }
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

}  // namespace notify
