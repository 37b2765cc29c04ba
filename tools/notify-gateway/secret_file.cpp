// SPDX-License-Identifier: MIT
#include "secret_file.hpp"

#include "base/quoted.hpp"
#include "cli/run.hpp"
#include "gateway/shared_key.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace notify {

namespace {

// A file may be a device that has no end.
constexpr std::size_t most = 65'536;

}  // namespace

secret_key read_secret_file(std::string const& path)
{
    auto const unusable = [&path](std::string const& why) {
        return cli::failure{cli::exit_code::usage,
                            fmt::format("--secret-file {}: {}", in_quotes(path), why)};
    };
    errno = 0;
    std::ifstream file{path, std::ios::binary};
    std::string secret(most, '\0');
    file.read(secret.data(), most);
    if (!file.eof() && !file) throw unusable(errno ? std::strerror(errno) : "cannot be read");
    secret.resize(static_cast<std::size_t>(file.gcount()));
    if (secret.size() < shared_key::least)
        throw unusable(fmt::format("it has {} bytes, and {} are needed; make one by openssl rand "
                                   "-out FILE {}",
                                   secret.size(), shared_key::least, shared_key::least));
    namespace fs = std::filesystem;
    std::error_code ec;
    auto const who = fs::status(path, ec).permissions();
    if (!ec && (who & fs::perms::others_read) != fs::perms::none)
        spdlog::warn("--secret-file {}: everybody on this machine may read it; chmod o= {}",
                     in_quotes(path), in_quotes(path));
    return secret_key{secret};
}

}  // namespace notify
