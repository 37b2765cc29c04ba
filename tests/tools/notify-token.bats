#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# notify-token as scripts use it, against a real Redis.

bats_require_minimum_version 1.5.0
load ../support/tools
load ../support/redis

setup() { start_redis; cd "$BATS_TEST_TMPDIR"; }
teardown() { stop_redis; }

uuid_shape='^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'

@test "--help begins with examples and names everything" {
    notify-token --help | expect_golden notify-token-help.txt
}

@test "--help of a command shows the options that it takes" {
    for command in mint check revoke; do
        notify-token "$command" --help
    done | expect_golden notify-token-commands-help.txt
}

@test "wrong usage is named, with the value, and what to try" {
    expect_session notify-token-errors.txt
}

@test "minting is the default: a uuid is printed, and in Redis for five seconds" {
    run notify-token --user 12345
    [ "$status" -eq 0 ]
    [[ $output =~ $uuid_shape ]]
    [ "$(redis get "cookie-$output")" = '{"userId":"12345"}' ]
    ttl=$(redis pttl "cookie-$output")
    ((ttl > 3000 && ttl <= 5000))
}

@test "mint takes a ttl, a count and a prefix" {
    run notify-token mint --user a@b --ttl 30s --count 3 --uuidcookie-prefix x:
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 3 ]
    [ "$(printf '%s\n' "${lines[@]}" | sort -u | wc -l)" -eq 3 ]
    ttl=$(redis ttl "x:${lines[2]}")
    ((ttl > 25 && ttl <= 30))
}

@test "a ttl over a minute is meant only with --force" {
    run notify-token --user 1 --ttl 61s
    [ "$status" -eq 2 ]
    run notify-token --user 1 --ttl 61s --force
    [ "$status" -eq 0 ]
}

@test "--json of mint has uuid, user and ttl_ms" {
    run notify-token --user 12345 --json
    uuid=$(python3 -c 'import json, sys; print(json.loads(sys.argv[1])["uuid"])' "$output")
    [ "$output" = "{\"ttl_ms\":5000,\"user\":\"12345\",\"uuid\":\"$uuid\"}" ]
}

@test "check says for whom and how long, and does not use it up" {
    uuid=$(notify-token --user 12345 --ttl 60s)
    for i in 1 2; do
        run notify-token check "$uuid"
        [ "$status" -eq 0 ]
        [[ $output =~ ^"valid for user 12345, for "[0-9.]+" s"$ ]]
    done
    run notify-token check <<<"$uuid"
    [ "$status" -eq 0 ]
    run notify-token check - --json <<<"$uuid"
    [[ $output =~ ^'{"ttl_ms":'[0-9]+',"user":"12345","valid":true}'$ ]]
}

@test "what is not valid is refused with 4" {
    run notify-token check no-such-uuid
    [ "$status" -eq 4 ]
    [ "$output" = "notify-token: this uuid is unknown, used up or expired" ]
    run notify-token check no-such-uuid --json
    [ "$status" -eq 4 ]
    [ "$output" = '{"reason":"this uuid is unknown, used up or expired","valid":false}' ]
    redis set cookie-odd '{"userId":"a/b"}'
    run notify-token check odd
    [ "$status" -eq 4 ]
    [[ $output == *'unreadable uuidCookie: the user id "a/b" is refused'* ]]
}

@test "revoke makes one invalid" {
    uuid=$(notify-token --user 12345)
    run notify-token revoke "$uuid"
    [ "$status" -eq 0 ]
    [ "$output" = revoked ]
    run notify-token check "$uuid"
    [ "$status" -eq 4 ]
    run notify-token revoke "$uuid"
    [ "$status" -eq 4 ]
}

@test "a Redis that is not there, or wants a password, is said with 5" {
    stop_redis
    run notify-token --user 1
    [ "$status" -eq 5 ]
    [[ $output == "notify-token: Redis: cannot connect to 127.0.0.1:$REDIS_PORT: Connection refused"* ]]
    start_redis --requirepass secret
    run notify-token --user 1
    [ "$status" -eq 5 ]
    [[ $output == *"wants a password"* ]]
    echo secret >password
    run notify-token --user 1 --redis-password-file password
    [ "$status" -eq 0 ]
    run notify-token --user 1 --redis "redis://:wr%6Fng@127.0.0.1:$REDIS_PORT"
    [ "$status" -eq 5 ]
    [[ $output == *"wrong password for Redis at 127.0.0.1:$REDIS_PORT"* && $output != *wrong@* ]]
}

@test "the environment and a configuration file name Redis too" {
    url=$NOTIFY_REDIS
    unset NOTIFY_REDIS
    echo "redis = \"$url\"" >config
    run notify-token --user 1 --config config
    [ "$status" -eq 0 ]
    REDIS_URL=$url run notify-token --user 1
    [ "$status" -eq 0 ]
    REDIS_URL=redis://127.0.0.1:1 NOTIFY_REDIS=$url run notify-token --user 1
    [ "$status" -eq 0 ]
}

@test "a closed pipe is a normal end, a full disk is not" {
    run bash -o pipefail -c 'notify-token --user 1 --count 3000 | head -n 1'
    [ "$status" -eq 0 ]
    run bash -c 'notify-token --user 1 >/dev/full'
    [ "$status" -eq 1 ]
    [ "$output" = "notify-token: cannot write the results: No space left on device" ]
}
