// SPDX-License-Identifier: MIT
//
// CLI11's errors in words of our own, which people understand and which are the
// same with each of its versions.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Error.hpp>

#include <string>

namespace notify::cli {

// What is wrong with an argument or a value: "--port does not take "x"".
[[nodiscard]] std::string sentence_of(CLI::ParseError const& e, CLI::App const& app);

}  // namespace notify::cli
