// SPDX-License-Identifier: MIT
#include "testbed.hpp"

#include "loopback.hpp"
#include "nchan.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace notify::bench {

namespace fs = std::filesystem;

namespace {

constexpr poller::milliseconds pause{10};
constexpr int most_tries = 1'000;

std::string text_of(fs::path const& file)
{
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

private_folder::private_folder()
{
    std::string pattern = (fs::temp_directory_path() / "notify-bench-XXXXXX").string();
    if (!::mkdtemp(pattern.data()))
        throw std::runtime_error{fmt::format("cannot make a folder like {}", pattern)};
    path_ = pattern;
}

private_folder::~private_folder()
{
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

testbed::testbed(poller& loop, testbed_options const& options, contestant const& server,
                 std::uint16_t web_app, std::size_t processes)
    : loop_{loop}, options_{options}
{
    if (options_.attach) {
        redis_at_ = options_.attach->redis;
        server_at_ = loopback_endpoint(options_.attach->server);
        server_pids_ = {options_.attach->pid};
        return;
    }
    start_redis();
    is_nchan_ = server.name == "nchan";
    for (std::size_t n = 0; n < processes && !is_nchan_; ++n)
        start_server(server, web_app, processes > 1);
    if (is_nchan_) start_nchan();
}

cpu_time testbed::cpu() const
{
    cpu_time sum;
    for (pid_t const pid : server_pids_) sum = sum + cpu_time_of(pid);
    return sum;
}

std::int64_t testbed::resident_bytes() const
{
    std::int64_t sum = 0;
    for (pid_t const pid : server_pids_) sum += resident_bytes_of(pid);
    return sum;
}

void testbed::start_redis()
{
    fs::path const log = folder_.path() / "redis.log";
    redis_at_.how = stream_address::kind::local;
    redis_at_.path = (folder_.path() / "redis.sock").string();
    redis_ = child_process{{"redis-server", "--port", "0", "--unixsocket", redis_at_.path, "--save",
                            "", "--appendonly", "no", "--dir", folder_.path().string()},
                           log,
                           options_.other_cores};
    for (int tries = 0; tries < most_tries; ++tries, loop_.run_for(pause)) {
        if (redis_.has_ended())
            throw std::runtime_error{"redis-server has ended: is it installed? " + text_of(log)};
        // It listens as soon as the socket is there.
        if (fs::exists(redis_at_.path)) return;
    }
    throw std::runtime_error{"redis-server does not answer"};
}

// The first one has a free port, and those that share it come after it.
void testbed::start_server(contestant const& server, std::uint16_t web_app, bool shares_port)
{
    std::vector<std::string> args = server.command;
    std::string const url = web_app > 0 ? fmt::format("http://127.0.0.1:{}/", web_app) : "";
    args.push_back(fmt::format("--port={}", ntohs(server_at_.sin_port)));
    args.push_back("--redis=unix://" + redis_at_.path);
    args.push_back("--subscribe-by-cookies-url=" + url);
    if (shares_port) args.push_back("--share-port");
    fs::path const log = folder_.path() / fmt::format("server-{}.log", servers_.size());
    servers_.emplace_back(args, log, options_.server_cores);
    server_pids_.push_back(servers_.back().pid());
    stream_address at;
    at.host = "127.0.0.1";
    at.port = await_port(servers_.back(), log);
    server_at_ = loopback_endpoint(at);
}

void testbed::start_nchan()
{
    stream_address at;
    at.host = "127.0.0.1";
    at.port = free_port();
    server_at_ = loopback_endpoint(at);
    fs::path const log = folder_.path() / "nginx.log";
    servers_.emplace_back(nchan_command(folder_.path(), at.port), log, options_.server_cores);
    server_pids_.push_back(servers_.back().pid());
    for (int tries = 0; tries < most_tries; ++tries, loop_.run_for(pause)) {
        if (servers_.back().has_ended())
            throw std::runtime_error{"nginx has ended: " + text_of(log)};
        try {
            unique_fd const answers = connect_now(at);
            return;
        } catch (std::runtime_error const&) {  // not yet
        }
    }
    throw std::runtime_error{"nginx does not answer: " + text_of(log)};
}

// From its banner.
std::uint16_t testbed::await_port(child_process& server, fs::path const& log)
{
    constexpr std::string_view sign = "listens on http://127.0.0.1:";
    for (int tries = 0; tries < most_tries; ++tries, loop_.run_for(pause)) {
        std::string const text = text_of(log);
        if (server.has_ended()) throw std::runtime_error{"the server has ended: " + text};
        auto const at = text.find(sign);
        if (at != text.npos && text.find('\n', at) != text.npos)
            return static_cast<std::uint16_t>(std::stoul(text.substr(at + sign.size())));
    }
    throw std::runtime_error{"the server does not say where it listens: " + text_of(log)};
}

}  // namespace notify::bench
