// SPDX-License-Identifier: MIT
//
// An answer on its way out. Nearly always the kernel takes all of it at once, and
// nothing is kept or waited for.
#pragma once

#include "base/net.hpp"
#include "http/http_message.hpp"
#include "http/late_socket.hpp"

#include <string>

namespace notify {

class outgoing_answer {
public:
    // Sends what the kernel takes and keeps the rest. REQUIRES: the one before is finished.
    void begin(late_socket& socket, http_response const& response);

    // True if nothing is left to send.
    [[nodiscard]] bool is_sent() const { return unsent_.empty(); }

    // Sends the rest. An error of the socket, which begin() does not look at, shows here.
    [[nodiscard]] net::awaitable<error_code> finish(late_socket& socket);

private:
    std::string unsent_;
};

}  // namespace notify
