// SPDX-License-Identifier: MIT
//
// The outermost frame of each tool. It runs the tool, turns what it throws into a sentence on
// stderr and an exit status, sends the log to stderr too, and gives signals and closed pipes their
// meaning. A main() is `return notify::cli::run("notify-send", [&] { … });` and nothing else.
#pragma once

#include "base/net.hpp"
#include "cli/exit_code.hpp"

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace notify::cli {

// Thrown to end the tool with a sentence for people, without a full stop: what failed, with which
// value, what to try. It is printed behind the tool's name. It may hold no secret, and text from
// outside only escaped (base/quoted).
class failure : public std::runtime_error {
public:
    failure(exit_code code, std::string const& sentence) : std::runtime_error(sentence), code_{code}
    {
    }
    [[nodiscard]] exit_code code() const { return code_; }

private:
    exit_code code_;
};

// Thrown to end the tool at once and silently: --help has been printed.
struct finished {
    exit_code code = exit_code::done;
};

// Calls main() and returns the status for the process to exit with: what main() returns, that of a
// failure, 0 if stdout's reader has gone, or 1 for any other exception. name stands before each
// complaint. Results that stdio has kept back are written before it returns.
//
// SIGPIPE is ignored. Ctrl-C ends the process at once with 130, unless main() handles it or the
// process was started with SIGINT ignored. REQUIRES: called once, before other threads begin.
[[nodiscard]] int run(std::string_view name, std::function<exit_code()> const& main);

// Runs a coroutine on an event loop of its own until it ends, and returns or throws what it does.
// At Ctrl-C or SIGTERM the coroutine is destroyed where it stands, and 128 + the signal's number is
// returned: the caller can still say how far it came. Called within run()'s main().
[[nodiscard]] exit_code run_async(net::awaitable<exit_code> work);

}  // namespace notify::cli
