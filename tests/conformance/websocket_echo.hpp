// SPDX-License-Identifier: MIT
//
// Raw WebSockets (RFC 6455) that send each whole message back: our frame codec
// without Engine.IO, for Autobahn's test suite and the like.
#pragma once

#include "http/http_context.hpp"
#include "http/http_service.hpp"

#include <cstddef>

namespace notify::conformance {

class websocket_echo final : public http_service {
public:
    explicit websocket_echo(std::size_t max_message) : max_message_{max_message} {}

    net::awaitable<void> serve(http_connection& c) override;

    // Ends them all.
    void stop();

private:
    class connection : public auto_unlink_hook {
    public:
        virtual void stop() = 0;

    protected:
        ~connection() = default;
    };
    class echo;

    std::size_t const max_message_;
    unlinking_list<connection> open_;
};

}  // namespace notify::conformance
