// SPDX-License-Identifier: MIT
//
// A program that the bench has started: it ends with its owner, or with the
// bench, whatever ends that.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace notify::bench {

class child_process {
public:
    // Starts args[0] (looked for in PATH) with nothing of our environment but
    // PATH, on these cores (empty: ours), its output in log. Throws
    // std::runtime_error if there are no more processes; a program that is not
    // there shows as one that has ended.
    child_process(std::vector<std::string> args, std::filesystem::path const& log,
                  std::vector<int> const& cores = {});
    child_process(child_process const&) = delete;
    child_process& operator=(child_process const&) = delete;
    ~child_process();  // SIGTERM, and SIGKILL after ten seconds

    [[nodiscard]] pid_t pid() const { return pid_; }

    // True once it has ended by itself.
    [[nodiscard]] bool has_ended();

private:
    pid_t pid_ = -1;  // -1: has ended
};

// Has a process (0: this one) run on these cores only; empty: no change.
void pin(pid_t process, std::vector<int> const& cores);

// The cores that this process may use.
[[nodiscard]] std::vector<int> usable_cores();

}  // namespace notify::bench
