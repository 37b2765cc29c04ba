// SPDX-License-Identifier: MIT
//
// Which service answers which path. Filled before the shard runs, one for each shard, and not
// changed later: connections keep pointers to its services across waits.
//
// A list that is tried from its beginning: there are half a dozen routes.
#pragma once

#include "http/http_service.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace notify {

class router {
public:
    // Serves exactly this path, or, if it ends with `*`, all that begin like it. What was added
    // first is tried first, so an exact path is added before the `*` that covers it. A service may
    // be added for several paths.
    void add(std::string path, std::shared_ptr<http_service> service);

    // Returns the service of path, or null. Valid as long as the router.
    [[nodiscard]] http_service* find(std::string_view path) const;

private:
    struct route {
        std::string path;  // without the `*`
        bool is_prefix;
        std::shared_ptr<http_service> service;
    };
    std::vector<route> routes_;
};

}  // namespace notify
