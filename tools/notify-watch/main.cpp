// SPDX-License-Identifier: MIT
//
// Shows a user's notifications as they come.
#include "cli/run.hpp"
#include "options.hpp"
#include "watcher.hpp"

int main(int argc, char** argv)
{
    return notify::cli::run("notify-watch", [&] {
        return notify::cli::run_async(notify::watch(notify::parse_options(argc, argv)));
    });
}
