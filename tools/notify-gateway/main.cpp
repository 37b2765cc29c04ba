// SPDX-License-Identifier: MIT
//
// Holds the browsers' connections and delivers each user's notifications.
#include "banner.hpp"
#include "cli/run.hpp"
#include "descriptors.hpp"
#include "gateway/gateway.hpp"
#include "options.hpp"

int main(int argc, char** argv)
{
    return notify::cli::run("notify-gateway", [&] {
        notify::gateway_settings settings = notify::parse_options(argc, argv);
        notify::raise_descriptor_limit(settings);
        notify::gateway gateway{std::move(settings)};
        notify::print_banner(gateway);
        gateway.run();  // until SIGINT or SIGTERM, then drains
        return notify::cli::exit_code::done;
    });
}
