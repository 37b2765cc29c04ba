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
#include <CLI/Formatter.hpp>  // App needs it, whichever formatter is set
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

    // Options that are added from now on stand under this title in --help.
    void group(std::string title) { app_.option_defaults()->group(std::move(title)); }

    // What an environment variable means that is there, but empty.
    enum class empty { unset, value };

    // What a comma means in the variable of an option that may be repeated.
    enum class comma { separates, belongs };

    // Lets the option be set by the environment and the configuration file too.
    // older: names from before, read when NOTIFY_<NAME> is unset. The name stands
    // in setting_names.cpp.
    CLI::Option* setting(CLI::Option* option, std::initializer_list<std::string> older = {},
                         empty e = empty::unset, comma c = comma::separates);

    // Throws failure with a sentence, or finished after --help and --version.
    // A variable that was set for another purpose is passed over, and that is said
    // on stderr: what is no value of ours in HOST or PORT, which shells and
    // platforms set, and "tcp://…" in NOTIFY_PORT, which Kubernetes and Docker set
    // for a service called "notify".
    void parse(int argc, char const* const* argv);

    // True if the option was among the arguments, not only in the environment or
    // the configuration file. REQUIRES: parse() has returned.
    [[nodiscard]] bool was_typed(CLI::Option const* option) const;

    // For what the tool itself finds wrong with the usage.
    [[nodiscard]] failure misused(std::string const& what) const;

private:
    struct entry {
        CLI::Option* option;
        std::vector<std::string> variables;
        empty when_empty;
        comma in_value;
        bool typed = true;  // or not given at all
    };
    struct passed_over {
        std::string variable;
        std::string why;  // with the value
        CLI::Option const* option;
    };

    void parse_arguments(int argc, char const* const* argv);
    void refuse_unknown_option(int argc, char const* const* argv) const;
    [[nodiscard]] failure unexpected(std::string const& argument) const;
    void apply(std::string const& source, entry& e, std::vector<std::string> const& values);
    void apply_environment();
    [[nodiscard]] bool try_variable(entry& e, std::string const& variable);
    void apply_item(std::string const& path, CLI::ConfigItem const& item);
    [[nodiscard]] std::string meant_by(CLI::ConfigItem const& item) const;
    [[nodiscard]] entry* find_setting(std::string_view name);
    void tell_passed_over() const;

    std::string const name_;
    CLI::App app_;
    std::vector<entry> settings_;
    std::vector<passed_over> passed_over_;
    std::string config_file_;
};

}  // namespace notify::cli
