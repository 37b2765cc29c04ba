// SPDX-License-Identifier: MIT
//
// The command line of each tool, over CLI11: --help that begins with examples, --version, and
// settings. A setting's value comes from the first of these that has one:
//
//     1. a flag                                    --max-queue 1000
//     2. the environment, then its older names     NOTIFY_MAX_QUEUE=1000
//     3. the configuration file                    max-queue = 1000, also below [notify-gateway]
//     4. the default
//
// CLI11 can read the last three, but lets a configuration file beat the environment. An operator
// overrides a file by the environment, and not the reverse. So both are read here, after CLI11 has
// parsed the flags.
//
// A tool's options.cpp makes one, adds its options to app(), declares which are settings, calls
// parse(), and then checks what only the tool can. Used at the start, by the main thread.
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
    // name: that of the tool, such as "notify-send". purpose: what it does, in a few words; both
    // begin its --help. examples: one command line each, without indentation.
    command_line(std::string name, std::string purpose,
                 std::initializer_list<std::string_view> examples);
    command_line(command_line const&) = delete;
    command_line& operator=(command_line const&) = delete;

    // To add options and positionals in CLI11's way. None may be required(): CLI11 would complain
    // before the environment has been read.
    [[nodiscard]] CLI::App& app() { return app_; }

    // Has options that are added from now on stand under this title in --help.
    void group(std::string const& title) { app_.option_defaults()->group(title); }

    // What an environment variable means that is there, but empty. Usually it is as good as unset;
    // but an empty --subscribe-by-cookies-url switches the web app off.
    enum class empty { unset, value };

    // What a comma means in the variable of an option that may be repeated: it separates values, or
    // is part of the one value. A user id may hold commas.
    enum class comma { separates, belongs };

    // Makes option a setting: the environment and the configuration file may set it too, and --help
    // names its variables. older: names that were read before there was NOTIFY_<NAME>, and still
    // are if that is unset. Returns option. REQUIRES: option has a long name, which stands in
    // setting_names.cpp; parse() has not been called.
    CLI::Option* setting(CLI::Option* option, std::initializer_list<std::string> older = {},
                         empty e = empty::unset, comma c = comma::separates);

    // Gives all options their values. Throws failure{usage} with a sentence that says what is wrong
    // and where it comes from; throws finished when --help or --version has been printed.
    //
    // A variable that was evidently set for another purpose is ignored, with a line on stderr that
    // says so: HOST or PORT, which shells and platforms set, with a value that ours cannot have,
    // and "tcp://…" in NOTIFY_PORT, which Kubernetes and Docker set for a service called "notify".
    // REQUIRES: called once.
    void parse(int argc, char const* const* argv);

    // True if the option was among the arguments, and not only in the environment or the
    // configuration file: options that exclude each other are an error if they were typed, while a
    // NOTIFY_USER in the environment is a default. REQUIRES: parse() has returned.
    [[nodiscard]] bool was_typed(CLI::Option const* option) const;

    // Returns what to throw if the tool itself finds the usage wrong: `what` and a pointer to
    // --help, with exit status 2.
    [[nodiscard]] failure misused(std::string const& what) const;

private:
    struct entry {
        CLI::Option* option;
        std::vector<std::string> variables;  // the first that is set counts
        empty when_empty;
        comma in_value;
        bool typed = true;  // false: the environment or the file has set it, or has tried to
    };
    // A variable that was ignored. It is told after all values are known, with the one that is
    // used.
    struct passed_over {
        std::string variable;
        std::string why;  // with the value
        CLI::Option const* option;
    };

    void parse_arguments(int argc, char const* const* argv);
    void refuse_unknown_option(int argc, char const* const* argv) const;
    [[nodiscard]] failure unexpected(std::string const& argument) const;
    // Sets an option as if values had been typed; source is for the error.
    void apply(std::string const& source, entry& e, std::vector<std::string> const& values);
    void apply_environment();
    [[nodiscard]] bool try_variable(entry& e, std::string const& variable);
    void apply_item(std::string const& path, CLI::ConfigItem const& item);
    [[nodiscard]] std::string meant_by(CLI::ConfigItem const& item) const;
    [[nodiscard]] entry* find_setting(std::string_view name);
    void tell_passed_over() const;

    std::string const name_;
    CLI::App app_;
    std::vector<entry> settings_;           // in the order of setting()
    std::vector<passed_over> passed_over_;  // in the order in which they were looked at
    std::string config_file_;               // --config; empty: no file is read
};

}  // namespace notify::cli
