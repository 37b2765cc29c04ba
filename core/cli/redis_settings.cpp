// SPDX-License-Identifier: MIT
#include "cli/redis_settings.hpp"

#include "base/quoted.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace notify::cli {

void redis_settings::add_to(command_line& line)
{
    auto& app = line.app();
    line.setting(app.add_option("--redis", url_,
                                "redis://[user[:password]@]host[:port][/db], rediss://… (TLS),\n"
                                "unix:///path[?db=n]; default redis://127.0.0.1:6379")
                     ->type_name("URL"),
                 {"REDIS_URL"});
    line.setting(app.add_option("--redis-password-file", password_file_,
                                "Take the password from this file instead")
                     ->type_name("FILE"));
}

redis::redis_options redis_settings::resolve() const
{
    auto options = redis::parse_redis_url(url_);
    if (!options) throw failure{exit_code::usage, options.error().message};
    if (!password_file_.empty()) options->password = read_secret(password_file_);
    return std::move(*options);
}

net::awaitable<void> reach(redis::redis_client& client)
{
    client.start();
    auto const reached = co_await client.ready();
    if (!reached)
        throw failure{exit_code::unreachable,
                      fmt::format("{} (--redis says which Redis)", reached.error().message)};
}

std::string read_secret(std::string const& path)
{
    errno = 0;
    std::ifstream file{path};
    std::string secret;
    if (!file || !std::getline(file, secret))
        throw failure{exit_code::usage,
                      fmt::format("cannot read the password file {}: {}", in_quotes(path),
                                  errno ? std::strerror(errno) : "it is empty")};
    if (!secret.empty() && secret.back() == '\r') secret.pop_back();
    return secret;
}

}  // namespace notify::cli
