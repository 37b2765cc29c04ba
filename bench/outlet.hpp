// SPDX-License-Identifier: MIT
//
// Where messages are published: Redis, or a server that takes them by HTTP.
#pragma once

#include <string>
#include <string_view>

namespace notify::bench {

class outlet {
public:
    virtual ~outlet() = default;

    // What queue() wants to know of a user; made once.
    [[nodiscard]] virtual std::string address_of(std::string const& user) const = 0;

    // Queues a message; flush() sends what is queued.
    virtual void queue(std::string_view address, std::string_view text) = 0;
    virtual void flush() = 0;
};

}  // namespace notify::bench
