// SPDX-License-Identifier: MIT
#include "options.hpp"

#include "cli/command_line.hpp"
#include "cli/duration.hpp"

#include <fmt/format.h>

#include <string>

namespace notify::conformance {

namespace {

using cli::exit_code;
using cli::failure;

void add_time(CLI::App& app, std::string const& name, milliseconds& target, std::string const& what)
{
    auto const take = [name, &target](std::string const& text) {
        auto const parsed = cli::parse_duration(text);
        if (!parsed)
            throw failure{exit_code::usage, fmt::format("{}: {}", name, parsed.error().message)};
        target = *parsed;
    };
    app.add_option_function<std::string>(name, take,
                                         fmt::format("{}; default {}ms", what, target.count()))
        ->type_name("TIME");
}

}  // namespace

echo_options parse_options(int argc, char const* const* argv)
{
    echo_options o;
    o.engine.ping_interval = milliseconds{300};
    o.engine.ping_timeout = milliseconds{200};
    o.engine.connect_timeout = milliseconds{5'000};
    cli::command_line line{"echo_server",
                           "send back what clients say, on loopback, to test that this speaks "
                           "Socket.IO,\nEngine.IO and WebSocket as others do",
                           {"echo_server --sio 3000 --eio 3001 --ws 3002",
                            "echo_server --sio 3000 --ping-interval 25s --ping-timeout 20s"}};
    auto& app = line.app();
    app.add_option("--sio", o.sio, "Serve Socket.IO on this port: / and /custom, at /socket.io/")
        ->type_name("PORT");
    app.add_option("--eio", o.eio, "Serve bare Engine.IO on this port, at /engine.io/")
        ->type_name("PORT");
    app.add_option("--ws", o.ws, "Serve raw WebSockets on this port, at any path")
        ->type_name("PORT");
    add_time(app, "--ping-interval", o.engine.ping_interval, "Between two heartbeats");
    add_time(app, "--ping-timeout", o.engine.ping_timeout, "For the answer to one");
    add_time(app, "--connect-timeout", o.engine.connect_timeout, "Until a namespace is joined");
    app.add_option("--max-payload", o.engine.max_payload,
                   "Bytes of one message or polling body; default 1000000")
        ->type_name("BYTES");
    line.parse(argc, argv);
    if (!o.sio && !o.eio && !o.ws)
        throw failure{exit_code::usage, "nothing to serve: give --sio, --eio or --ws a port"};
    return o;
}

}  // namespace notify::conformance
