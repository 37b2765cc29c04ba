// SPDX-License-Identifier: MIT
//
// What was typed, looked at before CLI11 does. CLI11 speaks of a wrong value
// first, and of an option that there is not only when everything else is right.
#pragma once

#include <CLI/App.hpp>

#include <optional>
#include <string>
#include <vector>

namespace notify::cli {

// The arguments as CLI11 takes them, the last one first. It takes `--name=` for a
// name whose value is the next argument; here it is a name with an empty value.
[[nodiscard]] std::vector<std::string> words_of(int argc, char const* const* argv);

struct unknown_option {
    std::string text;   // as typed, without a value: "--usr"
    std::string meant;  // the option that it is like, with its dashes; or empty
};

struct looked_through {
    std::optional<unknown_option> unknown;  // the first; behind it nothing was looked at
    std::vector<std::string> plain;         // neither an option nor the value of one
};

// Looks for an argument that is written like an option and is none of app's or its
// subcommands'. What follows "--", and an option's value, is none.
[[nodiscard]] looked_through look_through(CLI::App const& app, int argc, char const* const* argv);

}  // namespace notify::cli
