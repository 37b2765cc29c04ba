// SPDX-License-Identifier: MIT
#include "cli/config_file.hpp"

#include "base/byte_order_mark.hpp"
#include "base/quoted.hpp"
#include "cli/run.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>

namespace notify::cli {

namespace {

failure unreadable(std::string const& path, std::string_view why)
{
    return {exit_code::usage,
            fmt::format("cannot read the configuration file {}: {}", in_quotes(path), why)};
}

// The stream opens a directory without complaint and reads nothing from it: all settings would be
// silently left out.
std::string content_of(std::string const& path)
{
    if (std::error_code ignored; std::filesystem::is_directory(path, ignored))
        throw unreadable(path, std::strerror(EISDIR));
    errno = 0;
    std::ifstream file{path, std::ios::binary};
    std::string content{std::istreambuf_iterator<char>{file}, {}};
    if (!file.is_open()) throw unreadable(path, std::strerror(errno));
    return content;
}

}  // namespace

// CLI11 gets the content and not the name: it would read a byte order mark as a part of the first
// key, and would not say why a file cannot be read.
std::vector<CLI::ConfigItem> read_config_file(std::string const& path)
{
    auto const content = content_of(path);
    auto const text = without_byte_order_mark(content);
    if (!text) throw unreadable(path, text.error().message);
    std::istringstream lines{std::string{*text}};
    try {
        return CLI::ConfigTOML{}.from_config(lines);
    } catch (CLI::Error const& e) {
        throw unreadable(path, e.what());
    }
}

}  // namespace notify::cli
