// SPDX-License-Identifier: MIT
//
// What --help prints: purpose, examples, usage, arguments, commands, options in their groups, and
// the footer. It replaces CLI11's formatter altogether: CLI11's words and columns differ from one
// version to the next, and the tests compare --help with files.
#pragma once

#include <CLI/App.hpp>
#include <CLI/FormatterFwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace notify::cli {

// --help has 100 columns; descriptions begin at column 34. A description's line feeds are kept, and
// nothing is wrapped.
inline constexpr std::size_t help_width = 100;
inline constexpr std::size_t help_indent = 34;

// A group whose title is this and the name of a command belongs to that command: the --help of the
// other commands leaves it out.
inline constexpr std::string_view options_of = "Options of ";

class help_formatter final : public CLI::FormatterBase {
public:
    // examples: lines, each with its line feed.
    explicit help_formatter(std::string examples) : examples_{std::move(examples)} {}

    // Called by CLI11 for a tool, or for one of its commands, whose name is then "tool command".
    std::string make_help(CLI::App const* app, std::string name,
                          CLI::AppFormatMode mode) const override;

private:
    std::string const examples_;
};

}  // namespace notify::cli
