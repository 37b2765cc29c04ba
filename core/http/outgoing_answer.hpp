// SPDX-License-Identifier: MIT
//
// An answer on its way out. Nearly always the kernel takes all of it at once, and
// nothing is kept or waited for.
#pragma once

#include "base/net.hpp"
#include "http/http_message.hpp"
#include "http/late_socket.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace notify {

class outgoing_answer {
public:
    // Sends what the kernel takes and keeps the rest. REQUIRES: the one before is finished.
    void begin(late_socket& socket, http_response const& response);

    // Adds to it, in the same manner.
    void append(late_socket& socket, std::string_view bytes);

    // True if nothing is left to send.
    [[nodiscard]] bool is_sent() const { return unsent_.empty(); }
    [[nodiscard]] std::size_t unsent() const { return unsent_.size(); }

    // Sends of the rest what the kernel takes now. False if the connection has ended.
    bool send_more(late_socket& socket);

    // Sends the rest. An error of the socket, which begin() and append() do not look at,
    // shows here.
    [[nodiscard]] net::awaitable<error_code> finish(late_socket& socket);

private:
    std::string unsent_;
};

}  // namespace notify
