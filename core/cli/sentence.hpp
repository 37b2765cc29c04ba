// SPDX-License-Identifier: MIT
//
// CLI11's errors in words of our own. Theirs name types and checks ("Could not convert: --port =
// x"), and differ from version to version, which scripts and our tests would see.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Error.hpp>

#include <string>

namespace notify::cli {

// Returns what is wrong with an argument or a value: `--port does not take "x"`. app is the one
// that threw e. An error that we have no words for is CLI11's text, escaped.
[[nodiscard]] std::string sentence_of(CLI::ParseError const& e, CLI::App const& app);

}  // namespace notify::cli
