// SPDX-License-Identifier: MIT
//
// What was typed, checked.
#pragma once

#include "client/gateway_url.hpp"
#include "client/notification_client.hpp"
#include "past.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace notify {

struct watch_options {
    gateway_url url;
    client_identity identity;
    past before;
    std::string user;     // of --user; empty if only the gateway will know
    std::string command;  // of --exec, or empty
    bool command_must_succeed = false;
    std::optional<std::uint64_t> count;
    std::optional<std::chrono::milliseconds> time_limit;
    bool json = false;
    bool quiet = false;
};

// Throws cli::failure with a sentence.
[[nodiscard]] watch_options parse_options(int argc, char const* const* argv);

}  // namespace notify
