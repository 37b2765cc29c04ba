// SPDX-License-Identifier: MIT
//
// Holds the browsers' connections and delivers each user's notifications.
#include "banner.hpp"
#include "base/log_queue.hpp"
#include "cli/run.hpp"
#include "descriptors.hpp"
#include "gateway/gateway.hpp"
#include "options.hpp"

int main(int argc, char** argv)
{
    return notify::cli::run("notify-gateway", [&] {
        notify::log_queue log{"notify-gateway"};  // so that a slow reader of stderr blocks no shard
        notify::gateway_settings settings = notify::parse_options(argc, argv);
        notify::raise_descriptor_limit(settings);
        notify::gateway gateway{std::move(settings), log};
        log.say(notify::banner_of(gateway));
        gateway.run();  // until SIGINT or SIGTERM, and the clients are gone
        return notify::cli::exit_code::done;
    });
}
