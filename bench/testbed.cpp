// SPDX-License-Identifier: MIT
#include "testbed.hpp"

#include "loopback.hpp"

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

testbed::testbed(poller& loop, testbed_options const& options) : loop_{loop}, options_{options}
{
    if (options_.attach) {
        redis_at_ = options_.attach->redis;
        gateway_at_ = loopback_endpoint(options_.attach->gateway);
        gateway_pid_ = options_.attach->gateway_pid;
        return;
    }
    start_redis();
    start_gateway();
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

void testbed::start_gateway()
{
    std::vector<std::string> args{options_.gateway.string(),
                                  "--host=127.0.0.1",
                                  "--port=0",
                                  "--redis=unix://" + redis_at_.path,
                                  fmt::format("--threads={}", options_.threads),
                                  "--subscribe-by-cookies-url",
                                  ""};
    args.insert(args.end(), options_.gateway_args.begin(), options_.gateway_args.end());
    fs::path const log = folder_.path() / "gateway.log";
    gateway_ = child_process{args, log, options_.gateway_cores};
    gateway_pid_ = gateway_.pid();
    for (int tries = 0; tries < most_tries; ++tries, loop_.run_for(pause)) {
        if (gateway_.has_ended())
            throw std::runtime_error{
                fmt::format("{} has ended: {}", options_.gateway.string(), text_of(log))};
        if (std::uint16_t const port = announced_port()) {
            stream_address at;
            at.host = "127.0.0.1";
            at.port = port;
            gateway_at_ = loopback_endpoint(at);
            return;
        }
    }
    throw std::runtime_error{"the gateway does not say where it listens: " + text_of(log)};
}

// From its banner; 0 as long as it has said none.
std::uint16_t testbed::announced_port() const
{
    constexpr std::string_view sign = "listens on http://127.0.0.1:";
    std::string const text = text_of(folder_.path() / "gateway.log");
    auto const at = text.find(sign);
    if (at == text.npos || text.find('\n', at) == text.npos) return 0;
    return static_cast<std::uint16_t>(std::stoul(text.substr(at + sign.size())));
}

}  // namespace notify::bench
