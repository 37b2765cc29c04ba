// SPDX-License-Identifier: MIT
//
// A program that the bench has started. It ends with this object, and with the bench even if that
// is killed.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace notify::bench {

class child_process {
public:
    // Starts args[0], which is looked for in PATH, on these cores (empty: ours). Its environment is
    // PATH alone, and its output goes to log. Throws std::runtime_error if no process can be made.
    // A program that does not exist looks like one that has ended.
    child_process(std::vector<std::string> args, std::filesystem::path const& log,
                  std::vector<int> const& cores = {});
    child_process(child_process const&) = delete;
    child_process& operator=(child_process const&) = delete;
    ~child_process();  // SIGTERM, and SIGKILL after ten seconds

    [[nodiscard]] pid_t pid() const { return pid_; }

    // True once it has ended by itself.
    [[nodiscard]] bool has_ended();

private:
    pid_t pid_ = -1;  // -1: it has ended
};

// Restricts a process (0: this one) to these cores; empty: no change.
void pin(pid_t process, std::vector<int> const& cores);

// The cores that this process may use.
[[nodiscard]] std::vector<int> usable_cores();

}  // namespace notify::bench
