// SPDX-License-Identifier: MIT
//
// Which service answers which path. Made at start-up, one for each shard.
#pragma once

#include "http/http_service.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace notify {

class router {
public:
    // Serves exactly this path, or, if it ends with `*`, all that begin so. What
    // was added first is tried first.
    void add(std::string path, std::shared_ptr<http_service> service);

    // Returns the service of path, or null.
    [[nodiscard]] http_service* find(std::string_view path) const;

private:
    struct route {
        std::string path;
        bool is_prefix;
        std::shared_ptr<http_service> service;
    };
    std::vector<route> routes_;
};

}  // namespace notify
