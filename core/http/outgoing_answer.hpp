// SPDX-License-Identifier: MIT
//
// An answer on its way out. Nearly always the kernel takes all of it at once, in one send(2); then
// nothing is kept or waited for. What it does not take is kept here, in one string.
//
// Owned by an http_connection, which has the deadline and says when the rest is to be sent.
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
    // Sends of a whole answer, or of the head of a streamed one, what the kernel takes, and keeps
    // the rest. Does not fail: a broken socket shows in finish() or send_more(). Throws
    // std::bad_alloc. REQUIRES: the answer before is sent.
    void begin(late_socket& socket, http_response const& response);

    // The same for more bytes of the answer. They are not tried while others wait before them.
    void append(late_socket& socket, std::string_view bytes);

    // True if nothing is left to send.
    [[nodiscard]] bool is_sent() const { return unsent_.empty(); }
    // Bytes that are left.
    [[nodiscard]] std::size_t unsent() const { return unsent_.size(); }

    // Sends of the rest what the kernel takes now. False: the connection is broken.
    bool send_more(late_socket& socket);

    // Sends the rest, waiting for the client to read. Nothing is left afterwards, also on an error.
    // An error of the socket, which begin() and append() do not look at, shows here.
    [[nodiscard]] net::awaitable<error_code> finish(late_socket& socket);

private:
    std::string unsent_;
};

}  // namespace notify
