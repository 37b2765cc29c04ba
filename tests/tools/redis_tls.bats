#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# All four tools with a Redis that speaks TLS, has an authority of its own, and asks who they are.

bats_require_minimum_version 1.5.0
load ../support/tools
load ../support/redis

setup()
{
    cd "$BATS_TEST_TMPDIR"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -days 1 \
        -subj /CN=test -addext subjectAltName=IP:127.0.0.1 2>/dev/null
    TLS_PORT=$(free_port)
    start_redis --tls-port "$TLS_PORT" --tls-cert-file cert.pem --tls-key-file key.pem \
        --tls-ca-cert-file cert.pem --tls-auth-clients yes
    export NOTIFY_REDIS=rediss://127.0.0.1:$TLS_PORT
}

teardown()
{
    [[ -z ${GATEWAY_PID:-} ]] || { kill -KILL "$GATEWAY_PID" && wait "$GATEWAY_PID" || true; } 2>/dev/null
    stop_redis
}

# What the tools need to know, in the way that is asked for.
trust()
{
    export NOTIFY_REDIS_CA_FILE=cert.pem NOTIFY_REDIS_CERT_FILE=cert.pem NOTIFY_REDIS_KEY_FILE=key.pem
}

@test "options or environment: the tools trust the authority, and show who they are" {
    files=(--redis-ca-file cert.pem --redis-cert-file cert.pem --redis-key-file key.pem)
    run --separate-stderr notify-token --user 12345 "${files[@]}"
    [ "$status" -eq 0 ]
    trust
    run --separate-stderr notify-token check "$output"
    [ "$status" -eq 0 ]
    [[ $output == "valid for user 12345"* ]]
    unset NOTIFY_REDIS_CA_FILE NOTIFY_REDIS_CERT_FILE NOTIFY_REDIS_KEY_FILE

    port=$(free_port)
    notify-gateway --port "$port" "${files[@]}" >gateway.log 2>&1 </dev/null 3>&- &
    GATEWAY_PID=$!
    until_ok grep -q 'listens on' gateway.log
    grep -qF -- "notify-send --user 12345 --redis $NOTIFY_REDIS ${files[*]}" gateway.log
    notify-watch --user 12345 --url "http://127.0.0.1:$port" "${files[@]}" --count 1 >watched 2>watch.log </dev/null 3>&- &
    watch=$!
    until_ok grep -q watching watch.log
    notify-send --user 12345 "${files[@]}" "Hey over TLS"
    wait "$watch"
    grep -q 'Hey over TLS' watched
}

@test "a Redis that nobody vouches for, or that does not know us, is named" {
    run -5 notify-send --user 1 Hey
    [[ $output == *"the certificate was not accepted: self-signed certificate"* ]]
    run -5 notify-send --user 1 --redis-ca-file cert.pem Hey
    [[ $output == *"wants a client certificate (--redis-cert-file and --redis-key-file)"* ]]
}

@test "the scheme that was meant is said at once" {
    trust
    run -5 notify-send --user 1 --redis "rediss://127.0.0.1:$REDIS_PORT" Hey
    [[ $output == *"does not speak TLS: write redis:// in place of rediss://"* ]]
    unset NOTIFY_REDIS_CA_FILE NOTIFY_REDIS_CERT_FILE NOTIFY_REDIS_KEY_FILE
    run -5 notify-token --user 1 --redis "redis://127.0.0.1:$TLS_PORT"
    [[ $output == *"write rediss:// in place of redis://"* ]]
    ((SECONDS < 10))
}

@test "files that are of no use are named before anything is connected to" {
    for tool in notify-send notify-token notify-watch; do
        run -2 "$tool" --user 1 --redis-ca-file /no/such
        [[ $output == *'"/no/such": No such file or directory'* ]]
    done
    run -2 notify-gateway --redis-ca-file /no/such
    [[ $output == *'"/no/such": No such file or directory'* ]]
    run -2 notify-gateway --redis-cert-file cert.pem
    [[ $output == *"--redis-cert-file needs --redis-key-file too"* ]]
    run -2 notify-watch --user 1 --redis "redis://127.0.0.1:$REDIS_PORT" --redis-ca-file cert.pem
    [[ $output == *"--redis-ca-file is for TLS"*"write rediss://"* ]]
    openssl pkey -in key.pem -aes256 -passout pass:secret -out locked.pem
    run -2 notify-send --user 1 --redis-cert-file cert.pem --redis-key-file locked.pem Hey
    [[ $output == *"locked.pem"*"it is encrypted, which is not supported"* ]]
}
