// SPDX-License-Identifier: MIT
#include "floor_server.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <string_view>

namespace {

using namespace notify::bench;

// Takes --name=value and --name value. What else notify-bench says to a gateway means nothing here.
floor_options parse_options(std::span<char*> args)
{
    floor_options o;
    for (std::size_t i = 1; i < args.size(); ++i) {
        std::string_view const arg = args[i];
        auto const equals = arg.find('=');
        std::string_view const name = arg.substr(0, equals);
        std::string_view const value = equals != arg.npos    ? arg.substr(equals + 1)
                                       : i + 1 < args.size() ? args[i + 1]
                                                             : "";
        constexpr std::string_view unix_socket = "unix://";
        if (name == "--redis" && value.starts_with(unix_socket))
            o.redis = value.substr(unix_socket.size());
        if (name == "--port") o.port = static_cast<std::uint16_t>(std::atoi(value.data()));
        if (name == "--batch") o.batch = true;
    }
    return o;
}

void raise_descriptor_limit()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

void end_at_signals()
{
    auto const end = [](int) { ::_exit(0); };
    std::signal(SIGTERM, end);
    std::signal(SIGINT, end);
}

}  // namespace

int main(int argc, char** argv)
{
    auto const options = parse_options({argv, static_cast<std::size_t>(argc)});
    if (options.redis.empty()) {
        std::fputs("usage: notify-bench-floor --redis unix:///PATH [--port N] [--batch]\n", stderr);
        return 2;
    }
    try {
        end_at_signals();
        raise_descriptor_limit();
        floor_server server{options};
        std::printf("notify-bench-floor listens on http://127.0.0.1:%d\n", server.port());
        std::fflush(stdout);
        server.run();
    } catch (std::exception const& e) {
        std::fprintf(stderr, "notify-bench-floor: %s\n", e.what());
        return 1;
    }
}
