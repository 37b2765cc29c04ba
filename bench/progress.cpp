// SPDX-License-Identifier: MIT
#include "progress.hpp"

#include "cli/output.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace notify::bench {

void say(std::string_view text)
{
    static bool const wanted = cli::is_terminal(2);
    if (!wanted) return;
    fmt::print(stderr, "\r\x1b[K{}", text);
    std::fflush(stderr);
}

}  // namespace notify::bench
