#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# One environment and one configuration file for all four tools.

bats_require_minimum_version 1.5.0
load ../support/tools

setup() { cd "$BATS_TEST_TMPDIR"; }

tools=(notify-gateway notify-send notify-watch notify-token)

# settings TOOL: the names of its options that are settings too.
settings()
{
    "$1" --help | awk '
        /^  -/ { name = ""; if (match($0, /--[a-z0-9-]+/)) name = substr($0, RSTART + 2, RLENGTH - 2) }
        /\[NOTIFY_/ && name != "config" { print name }'
}

@test "the table of setting names is what the four --help say" {
    table=$BATS_TEST_DIRNAME/../../core/cli/setting_names.cpp
    for tool in "${tools[@]}"; do settings "$tool"; done | sort -u >helped
    [ "$(wc -l <helped)" -gt 30 ]
    sed -n 's/^    "\(.*\)",$/\1/p' "$table" | diff -u helped -
}

@test "one configuration file serves all four tools, and a mistyped key is an error in each" {
    cat >config <<'END'
redis = "redis://127.0.0.1:1"
user = 12345
ping-interval = 500
url = "http://127.0.0.1:1"
max-message = 1000

[notify-gateway]
port = 70000

[notify-token]
json = true
END
    export NOTIFY_CONFIG=$PWD/config
    run -2 notify-gateway
    [[ $output == *'port: --port 70000 is not between 0 and 65535' ]]
    run -0 notify-send --dry-run Hey
    [ "$output" = "12345: would send 3 bytes to /app/user/12345/notifications" ]
    run -5 notify-watch
    [[ $output == *"127.0.0.1:1"* ]]
    run -5 notify-token
    echo 'ping-intervall = 500' >config
    for tool in "${tools[@]}"; do
        run -2 "$tool"
        [[ $output == *'unknown key "ping-intervall"; did you mean ping-interval?' ]]
    done
}

@test "NOTIFY_USER says for whom, where nothing else does" {
    export NOTIFY_USER=777 NOTIFY_REDIS=redis://127.0.0.1:1
    run -0 notify-send --dry-run Hey
    [ "$output" = "777: would send 3 bytes to /app/user/777/notifications" ]
    run -0 notify-send -u 1 --dry-run Hey
    [ "$output" = "1: would send 3 bytes to /app/user/1/notifications" ]
    run -0 notify-send --ndjson --dry-run <<<'{"user":1,"message":"Hey"}'
    [ "$output" = "1 row is right; nothing was sent" ]
    NOTIFY_USER=doe,joe run -0 notify-send --dry-run Hey # one id
    [ "$output" = "doe,joe: would send 3 bytes to /app/user/doe,joe/notifications" ]
    echo 1 >users
    run -0 notify-send --users-file users --dry-run Hey
    [ "$output" = "1 row is right; nothing was sent" ]
    run -5 notify-token
    run -5 notify-token check a # --user belongs to mint, but it was not typed
    run -5 notify-watch
    run -5 notify-watch --uuid a --url http://127.0.0.1:1
    # a command of notify-watch --exec, which sends to itself only if it says so
    NOTIFY_TIME=now run -2 notify-send --dry-run Hey
    [[ $output == *"--user is missing"* ]]
}
