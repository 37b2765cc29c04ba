#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# A check that cannot fail proves nothing: each rule of scripts/check-layers is broken here once.

check_layers="$BATS_TEST_DIRNAME/../../scripts/check-layers"

# file PATH LINE… writes a source file of a small tree; its lines are numbered from 1.
file()
{
    local path=$BATS_TEST_TMPDIR/$1
    mkdir -p "$(dirname "$path")"
    printf '%s\n' "${@:2}" >"$path"
}

# violates LINE: the check of the tree fails, and says just that.
violates()
{
    run "$check_layers" "$BATS_TEST_TMPDIR"
    echo "$output"
    [ "$status" -eq 1 ]
    [ "$(grep -c '^[^ ]*:[0-9]*: ' <<<"$output")" -eq 1 ]
    [[ "$output" == *"$1"* ]]
}

passes()
{
    run "$check_layers" "$BATS_TEST_TMPDIR"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "a room may include itself and the rooms before it" {
    file core/base/net.hpp '#include <boost/asio/ip/tcp.hpp>'
    file core/pubsub/hub.hpp '#include "pubsub/broker.hpp"' '#include "protocol/frame.hpp"'
    file core/redis/resp.cpp '#include <hiredis/hiredis.h>' '#include "base/net.hpp"'
    file core/http/listener.hpp '#include <boost/beast/http.hpp>' '#include "protocol/frame.hpp"'
    file core/wire/endpoint.hpp '#include "http/listener.hpp"' '#include "session/session.hpp"'
    file core/client/watcher.hpp '#include "http/http_client.hpp"' '#include <boost/beast/http.hpp>'
    file tools/notify-send/main.cpp '#include "cli/run.hpp"' '#include "options.hpp"' '#include <CLI/CLI.hpp>'
    file tools/notify-send/options.hpp
    passes
}

@test "a room may not include one after it" {
    file core/pubsub/hub.hpp '#pragma once' '#include "redis/redis_broker.hpp"'
    violates 'core/pubsub/hub.hpp:2: includes redis/redis_broker.hpp (pubsub may not include redis: '
}

@test "http knows no session, though it stands after it" {
    file core/http/listener.hpp '#include "session/session.hpp"'
    violates 'core/http/listener.hpp:1: includes session/session.hpp (http may not include session: '
}

@test "angle brackets don't hide a room" {
    file core/base/json.hpp '#  include <http/router.hpp>'
    violates 'core/base/json.hpp:1: includes http/router.hpp (base may not include http: '
}

@test "client and gateway don't know each other" {
    file core/client/watcher.hpp '#include "gateway/shard.hpp"'
    violates 'core/client/watcher.hpp:1: includes gateway/shard.hpp (client may not include gateway: '
    file core/client/watcher.hpp
    file core/gateway/shard.cpp '#include "client/watcher.hpp"'
    violates 'core/gateway/shard.cpp:1: includes client/watcher.hpp (gateway may not include client: '
}

@test "a folder that is no room is a violation" {
    file core/util/misc.hpp ''
    violates 'core/util/misc.hpp:1: core/util is no room'
}

@test "includes start at core/" {
    file core/redis/resp.cpp '#include "../base/net.hpp"'
    violates 'core/redis/resp.cpp:1: includes ../base/net.hpp (includes start at core/'
    file core/redis/resp.cpp '#include "resp.hpp"'
    violates 'core/redis/resp.cpp:1: includes resp.hpp (includes start at core/'
}

@test "core may not include a tool" {
    file core/gateway/shard.cpp '#include "tools/notify-gateway/options.hpp"'
    violates 'core/gateway/shard.cpp:1: includes tools/'
}

@test "one tool may not include another" {
    file core/base/json.hpp
    file tools/notify-send/main.cpp '#include "../notify-token/options.hpp"'
    violates 'tools/notify-send/main.cpp:1: includes ../notify-token/options.hpp'
}

@test "a pure room knows no sockets, only views of bytes" {
    file core/session/outbox.hpp '#include <boost/asio/buffer.hpp>'
    passes
    file core/session/outbox.hpp '#include <boost/asio/ip/tcp.hpp>'
    violates 'core/session/outbox.hpp:1: includes boost/asio/ip/tcp.hpp (session knows no sockets)'
}

@test "a pure room knows no sockets by way of base either" {
    file core/base/net.hpp '#include <boost/asio/io_context.hpp>'
    file core/base/stream.hpp '#include "base/net.hpp"'
    file core/session/session.hpp '#include "base/stream.hpp"'
    violates 'core/session/session.hpp:1: includes base/stream.hpp (session knows no sockets, and'
}

@test "a pure room reads no clock" {
    file core/session/session.cpp '// steady_clock::now() would be wrong here' \
        'std::chrono::milliseconds delay;'
    passes
    file core/session/session.cpp '' 'auto now = std::chrono::steady_clock::now();'
    violates 'core/session/session.cpp:2: reads a clock, steady_clock::'
}

@test "Beast lives in http, wire and client" {
    file core/identity/web_app.cpp '#include <boost/beast/http.hpp>'
    violates 'core/identity/web_app.cpp:1: includes boost/beast/http.hpp (Beast lives in http, wire and client)'
}

@test "hiredis lives in redis/resp.cpp" {
    file core/redis/redis_client.cpp '#include <hiredis/hiredis.h>'
    violates 'core/redis/redis_client.cpp:1: includes hiredis/hiredis.h (hiredis lives in redis/resp.cpp)'
}

@test "CLI11 lives in cli and tools" {
    file core/gateway/settings.cpp '#include <CLI/CLI.hpp>'
    violates 'core/gateway/settings.cpp:1: includes CLI/CLI.hpp (CLI11 lives in cli and tools)'
}

@test "a header takes the forward declarations of nlohmann only" {
    file core/base/json.hpp '#include <nlohmann/json_fwd.hpp>'
    file core/base/json.cpp '#include <nlohmann/json.hpp>'
    passes
    file core/base/json.hpp '#include <nlohmann/json.hpp>'
    violates 'core/base/json.hpp:1: includes nlohmann/json.hpp (a header takes'
}

@test "a test takes Catch2 of either version, by one header" {
    file core/base/json.hpp
    file tests/support/catch.hpp '#include <catch2/catch.hpp>'
    file tests/base/json_test.cpp '#include "support/catch.hpp"'
    passes
    file tests/base/json_test.cpp '' '#include <catch2/catch.hpp>'
    violates 'tests/base/json_test.cpp:2: includes catch2/catch.hpp ("support/catch.hpp" has it'
}

@test "a file has at most 400 lines" {
    file core/base/json.cpp $(seq 400)
    passes
    file core/base/json.cpp $(seq 401)
    violates 'core/base/json.cpp:401: is longer than 400 lines'
}

@test "a tree without sources is an error, not a success" {
    mkdir "$BATS_TEST_TMPDIR/core"
    run "$check_layers" "$BATS_TEST_TMPDIR"
    [ "$status" -eq 1 ]
    [[ "$output" == *"no sources"* ]]
}
