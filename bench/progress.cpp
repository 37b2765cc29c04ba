// SPDX-License-Identifier: MIT
#include "progress.hpp"

#include "cli/output.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace notify::bench {

namespace {

std::string& who()
{
    static std::string name;
    return name;
}

}  // namespace

void say_who(std::string name) { who() = std::move(name); }

void say(std::string_view text)
{
    static bool const wanted = cli::is_terminal(2);
    if (!wanted) return;
    fmt::print(stderr, "\r\x1b[K{}{}{}", text.empty() ? "" : who(), text.empty() ? "" : ": ", text);
    std::fflush(stderr);
}

}  // namespace notify::bench
