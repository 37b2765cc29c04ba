// SPDX-License-Identifier: MIT
//
// Bare Engine.IO that sends each message back, text as text and binary as binary.
#pragma once

#include "session/session.hpp"
#include "session/session_context.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace notify::conformance {

class echo_sessions final : public eio::session_acceptor {
public:
    [[nodiscard]] std::unique_ptr<eio::session_handler> accept(eio::session& s) override
    {
        return std::make_unique<handler>(s);
    }

private:
    struct handler final : eio::session_handler {
        explicit handler(eio::session& s) : session{s} {}

        void on_text(std::string_view message) override
        {
            session.send(frame::text("4" + std::string{message}));
        }
        void on_binary(std::string_view message) override { session.send(frame::binary(message)); }
        void on_close(eio::close_reason) override {}

        eio::session& session;
    };
};

}  // namespace notify::conformance
