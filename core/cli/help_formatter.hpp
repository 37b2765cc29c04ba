// SPDX-License-Identifier: MIT
//
// What --help prints: purpose, examples, usage, arguments, options in their groups,
// commands, and the rest. All of its words are ours: those of CLI11 differ from one
// version to the next.
#pragma once

#include <CLI/App.hpp>
#include <CLI/FormatterFwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace notify::cli {

// --help has 100 columns; descriptions begin at this one.
inline constexpr std::size_t help_width = 100;
inline constexpr std::size_t help_indent = 34;

// A group of options of which this is the head belongs to that command alone.
inline constexpr std::string_view options_of = "Options of ";

class help_formatter final : public CLI::FormatterBase {
public:
    // examples: lines, each with its line feed.
    explicit help_formatter(std::string examples) : examples_{std::move(examples)} {}

    std::string make_help(CLI::App const* app, std::string name,
                          CLI::AppFormatMode mode) const override;

private:
    std::string const examples_;
};

}  // namespace notify::cli
