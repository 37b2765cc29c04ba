// SPDX-License-Identifier: MIT
//
// stdout is for results, stderr for people. The tools print through here, so that a full disk is
// never silent and a closed pipe is never noisy; but the log goes to stderr by itself, and
// notify-watch writes each of its lines at once. For the main thread, after run() has begun.
#pragma once

#include <string_view>

namespace notify::cli {

// Thrown if whoever read our stdout has gone away (`… | head`). run() takes it for a normal end,
// with status 0. notify-send catches it and goes on: it was asked to send, and only its report has
// no reader.
struct output_closed {};

// Writes text to stdout, as it is; stdio may keep it back. Throws output_closed, or failure{failed}
// with the system's reason.
void print(std::string_view text);

// Writes out what stdio has kept back. Throws as print() does. run() calls it at the end.
void flush_output();

// Writes one line to stderr: "notify-send: text". run() has been told the name. Never fails: there
// is nobody to tell.
void complain(std::string_view text);

// True if people look at this descriptor: 1 is stdout, 2 stderr.
[[nodiscard]] bool is_terminal(int descriptor);

}  // namespace notify::cli
