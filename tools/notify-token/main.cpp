// SPDX-License-Identifier: MIT
//
// Mints, checks and revokes uuidCookies.
#include "cli/run.hpp"
#include "options.hpp"
#include "token.hpp"

int main(int argc, char** argv)
{
    return notify::cli::run("notify-token", [&] {
        return notify::cli::run_async(notify::run_token(notify::parse_options(argc, argv)));
    });
}
