// SPDX-License-Identifier: MIT
//
// The outermost frame of each tool: runs it, turns what it throws into a sentence
// on stderr and an exit status, sends the log there too, and gives signals and
// closed pipes their meaning.
#pragma once

#include "base/net.hpp"
#include "cli/exit_code.hpp"

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace notify::cli {

// Ends the tool with a sentence for people: what failed, with which value, what to try.
class failure : public std::runtime_error {
public:
    failure(exit_code code, std::string const& sentence) : std::runtime_error(sentence), code_{code}
    {
    }
    [[nodiscard]] exit_code code() const { return code_; }

private:
    exit_code code_;
};

// Ends the tool at once and silently: --help has been printed.
struct finished {
    exit_code code = exit_code::done;
};

// Returns what main() returns, for the process to exit with. SIGPIPE is ignored;
// Ctrl-C ends the process with 130 unless main() handles it.
[[nodiscard]] int run(std::string_view name, std::function<exit_code()> const& main);

// Runs a coroutine on an event loop of its own until it ends. At Ctrl-C or SIGTERM
// it is destroyed where it stands, and 128 + the signal's number returned.
[[nodiscard]] exit_code run_async(net::awaitable<exit_code> work);

}  // namespace notify::cli
