// SPDX-License-Identifier: MIT
//
// stdout is for results, stderr for people.
#pragma once

#include <string_view>

namespace notify::cli {

// Whoever read our stdout has gone away (`… | head`): a normal end, see run().
struct output_closed {};

// Writes to stdout. Throws output_closed, or a failure if the disk is full.
void print(std::string_view text);

// The same, and makes sure that all of it is out.
void flush_output();

// Writes one line to stderr: "name: text". run() says the name.
void complain(std::string_view text);

// True if people look at it: 1 for stdout, 2 for stderr.
[[nodiscard]] bool is_terminal(int descriptor);

}  // namespace notify::cli
