// SPDX-License-Identifier: MIT
#include "floor_server.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

// Takes the options that notify-bench also gives to a gateway. Its port is always shared.
int main(int argc, char** argv)
try {
    std::string redis;
    int port = 0;
    for (int i = 1; i < argc; ++i) {
        std::string const arg = argv[i];
        if (arg.starts_with("--redis=unix://")) redis = arg.substr(15);
        if (arg.starts_with("--port=")) port = std::atoi(&arg[7]);
    }
    if (redis.empty() || port == 0) {
        std::fputs("usage: notify-bench-floor --redis=unix:///PATH --port=N\n", stderr);
        return 2;
    }
    notify::bench::floor_server server{redis, static_cast<std::uint16_t>(port)};
    std::printf("notify-bench-floor listens on http://127.0.0.1:%d\n", port);
    std::fflush(stdout);
    server.run();
} catch (std::exception const& e) {
    std::fprintf(stderr, "notify-bench-floor: %s\n", e.what());
    return 1;
}
