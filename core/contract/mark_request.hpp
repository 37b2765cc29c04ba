// SPDX-License-Identifier: MIT
//
// The event `notification-read`, by which a client says which of its user's notifications were read
// (docs/protocol.md, The contract with pages):
//
//     42/io/user/notifications,["notification-read",{"ids":["1732657160000-17"]}]
//     42/io/user/notifications,["notification-read",{"all":true}]
//
// To read is not to see: a notification that a page has shown was seen, and is read when its user
// has dealt with it.
//
// Pure functions; any thread may call them.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace notify {

struct mark_request {
    // Of one request, and of several that become one.
    static constexpr std::size_t max_ids = 1'000;

    bool all = false;
    std::vector<std::string> ids;  // of notifications, "<epoch>-<number>"; none if all

    [[nodiscard]] bool empty() const { return !all && ids.empty(); }

    // Makes one request of both. False if that would have too many ids; then nothing has changed.
    [[nodiscard]] bool try_add(mark_request const& other);
};

// Reads the argument of the event. The error is a sentence for the client.
[[nodiscard]] result<mark_request> parse_mark_request(json const& argument);

}  // namespace notify
