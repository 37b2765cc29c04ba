// SPDX-License-Identifier: MIT
#include "testbed.hpp"

#include "loopback.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <tuple>

namespace notify::bench {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

std::string text_of(fs::path const& file)
{
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::string> redis_command(private_folder const& folder)
{
    return {"redis-server", "--port", "0",     "--unixsocket", folder / "redis.sock", "--save", "",
            "--appendonly", "no",     "--dir", folder / ""};
}

bool accepts(sockaddr_in const& server)
try {
    return static_cast<bool>(connect_to(server));
} catch (std::runtime_error const&) {
    return false;  // not yet
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

testbed::testbed(poller& loop, contestant const& server, std::uint16_t web_app,
                 std::size_t processes)
    : loop_{loop}, redis_{redis_command(folder_), folder_ / "redis.log"}
{
    // It listens as soon as the socket is there.
    await(redis_, folder_ / "redis.log", [this] { return fs::exists(redis()); });
    std::ignore = bind_to_free_port(server_at_);
    for (std::size_t n = 0; n < processes; ++n) start(server, web_app, processes > 1);
}

void testbed::start(contestant const& server, std::uint16_t web_app, bool shares_port)
{
    fs::path const log = folder_ / fmt::format("server-{}.log", servers_.size());
    std::vector<std::string> args = server.is_nchan() ? nchan_command() : server.command;
    if (!server.is_nchan()) {
        args.push_back(fmt::format("--port={}", ntohs(server_at_.sin_port)));
        args.push_back("--redis=unix://" + redis().string());
        if (web_app > 0)
            args.push_back(fmt::format("--subscribe-by-cookies-url=http://127.0.0.1:{}/", web_app));
        if (shares_port) args.push_back("--share-port");
    }
    servers_.emplace_back(args, log, server.cores);
    await(servers_.back(), log, [&] {
        if (server.is_nchan()) return accepts(server_at_);
        return text_of(log).find("listens on http://127.0.0.1:") != std::string::npos;
    });
}

std::vector<std::string> testbed::nchan_command() const
{
    std::ofstream{folder_ / "nginx.conf"} << fmt::format(
        R"(load_module {module};
daemon off; master_process off; pid {folder}/nginx.pid; worker_rlimit_nofile 20000;
events {{ worker_connections 19990; }}
http {{
    access_log off; client_body_temp_path {folder}/body; nchan_shared_memory_size 512M;
    keepalive_requests 1000000000;
    server {{
        listen 127.0.0.1:{port};
        location = /sub {{ nchan_subscriber websocket; nchan_channel_id $arg_id;
                           nchan_subscriber_first_message newest; nchan_websocket_ping_interval 25; }}
        location = /pub {{ nchan_publisher; nchan_channel_id $arg_id; nchan_store_messages off; }}
    }}
}}
)",
        fmt::arg("module", nchan_module), fmt::arg("folder", (folder_ / "").string()),
        fmt::arg("port", ntohs(server_at_.sin_port)));
    return {"nginx", "-p", folder_ / "", "-e", "stderr", "-c", folder_ / "nginx.conf"};
}

void testbed::await(child_process& started, fs::path const& log,
                    std::function<bool()> const& answers)
{
    for (int tries = 0; tries < 1'000; ++tries, loop_.run_for(10ms)) {
        if (started.has_ended())
            throw std::runtime_error{fmt::format("{} has ended: is it installed? {}",
                                                 log.stem().string(), text_of(log))};
        if (answers()) return;
    }
    throw std::runtime_error{
        fmt::format("{} does not answer: {}", log.stem().string(), text_of(log))};
}

cpu_time testbed::cpu() const
{
    cpu_time sum;
    for (child_process const& s : servers_) sum = sum + cpu_time_of(s.pid());
    return sum;
}

std::int64_t testbed::resident_bytes() const
{
    std::int64_t sum = 0;
    for (child_process const& s : servers_) sum += resident_bytes_of(s.pid());
    return sum;
}

}  // namespace notify::bench
