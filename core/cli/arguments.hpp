// SPDX-License-Identifier: MIT
//
// What was typed, looked at before CLI11 does.
//
// CLI11 complains of a wrong value first, and of an unknown option only when everything else is
// right. To whoever mistyped an option that says the wrong thing. So command_line looks for unknown
// options with look_through(), and only then lets CLI11 parse words_of(). Both run once at the
// start, on the main thread.
#pragma once

#include <CLI/App.hpp>

#include <optional>
#include <string>
#include <vector>

namespace notify::cli {

// Returns the arguments without the program's name in the form that CLI11's parse() takes, the last
// one first. `--name=` becomes two words, the name and an empty value: by itself CLI11 would take
// the next argument for the value. What follows "--" is left as it is.
[[nodiscard]] std::vector<std::string> words_of(int argc, char const* const* argv);

struct unknown_option {
    std::string text;   // as typed, without a value: "--usr"
    std::string meant;  // the option that it is probably a slip for, with its dashes; or empty
};

struct looked_through {
    std::optional<unknown_option> unknown;  // the first; what follows it was not looked at
    // Neither an option nor the value of one. notify-send knows by their number that it was called
    // as libnotify's notify-send, with a title and a text.
    std::vector<std::string> plain;
};

// Looks for an argument that is written like an option and is none of app's. What follows "--" is
// no option, nor is the value of one, even if it begins with a dash. Says nothing about values.
[[nodiscard]] looked_through look_through(CLI::App const& app, int argc, char const* const* argv);

}  // namespace notify::cli
