// SPDX-License-Identifier: MIT
//
// Sends notifications to users.
#include "cli/run.hpp"
#include "options.hpp"
#include "report.hpp"
#include "sender.hpp"

int main(int argc, char** argv)
{
    return notify::cli::run("notify-send", [&] {
        auto const options = notify::parse_options(argc, argv);
        notify::report told{options};
        return told.finish(notify::cli::run_async(notify::run_send(options, told)));
    });
}
