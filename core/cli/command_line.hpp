// SPDX-License-Identifier: MIT
//
// The command line of each tool, over CLI11: --help that begins with examples,
// --version, and settings that come from, in this order, a flag, the environment
// (NOTIFY_<NAME>, then older names), a configuration file, the default.
//
// CLI11 has no such order of its own (there a configuration file beats the
// environment), so both are read here, after the flags.
#pragma once

#include "cli/run.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace notify::cli {

class command_line {
public:
    // examples: one command line each, without indentation.
    command_line(std::string name, std::string purpose,
                 std::initializer_list<std::string_view> examples);
    command_line(command_line const&) = delete;
    command_line& operator=(command_line const&) = delete;

    // For options and positionals, as CLI11 has them. None may be required():
    // CLI11 would not know of what the environment gives.
    [[nodiscard]] CLI::App& app() { return app_; }

    // What an environment variable means that is there, but empty.
    enum class empty { unset, value };

    // Lets the option be set by the environment and the configuration file too.
    // older: names from before, read when NOTIFY_<NAME> is unset.
    CLI::Option* setting(CLI::Option* option, std::initializer_list<std::string> older = {},
                         empty e = empty::unset);

    // Throws failure with a sentence, or finished after --help and --version.
    void parse(int argc, char const* const* argv);

private:
    struct entry {
        CLI::Option* option;
        std::vector<std::string> variables;
        empty when_empty;
    };

    void apply_environment();
    void apply_file(std::string const& path);
    void apply_item(std::string const& path, CLI::ConfigItem const& item);
    [[nodiscard]] failure misused(std::string const& what) const;

    std::string const name_;
    CLI::App app_;
    std::vector<entry> settings_;
    std::string config_file_;
};

}  // namespace notify::cli
