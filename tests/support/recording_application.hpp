// SPDX-License-Identifier: MIT
//
// An application of sessions that notes what happens to them, and then calls back into the
// test.
#pragma once

#include "session/session.hpp"
#include "session/session_context.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace notify::test {

class recording_application final : public eio::session_acceptor {
public:
    // What happened, in order: `text hello`, `binary …`, `deadline`, `close ping_timeout`.
    std::vector<std::string> log;

    // Called after the entry in the log, with the session that it is about.
    std::function<void(eio::session&, std::string_view entry)> then = [](auto&, auto) {};

    [[nodiscard]] std::unique_ptr<eio::session_handler> accept(eio::session& s) override
    {
        return std::make_unique<handler>(*this, s);
    }

private:
    struct handler final : eio::session_handler {
        handler(recording_application& a, eio::session& s) : application{a}, session{s} {}

        void on_text(std::string_view message) override { note("text " + std::string{message}); }
        void on_binary(std::string_view message) override
        {
            note("binary " + std::string{message});
        }
        void on_deadline() override { note("deadline"); }
        void on_close(eio::close_reason reason) override
        {
            note("close " + std::string{eio::name_of(reason)});
        }

        void note(std::string const& entry)
        {
            application.log.push_back(entry);
            application.then(session, entry);
            ++calls;  // whatever then() did, the handler outlives its call
        }

        recording_application& application;
        eio::session& session;
        int calls = 0;
    };
};

}  // namespace notify::test
