#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# scripts/site as people use it: it starts, says how to use it, serves the site through both
# ports, and ends without leaving anything. The pages themselves are tested in tests/node.

bats_require_minimum_version 1.5.0
load ../support/tools

setup_file()
{
    # The folder that all tests share: the second start meets the data of the first.
    export SITE_DATA=$BATS_FILE_TMPDIR/data
}

setup()
{
    cd "$BATS_TEST_DIRNAME/../.." || exit
    OUT=$BATS_TEST_TMPDIR/out
    JAR=$BATS_TEST_TMPDIR/cookies
    SITE_PID=
    unset FOLLOW SITE_DATABASE
    export PORT_BASE
    PORT_BASE=$(free_base)
}

teardown()
{
    local pid
    for pid in $SITE_PID ${TAKER:-}; do kill -TERM "$pid"; done
    wait || true
} 2>/dev/null

answers() { (exec 9<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The first of six ports that nobody listens on, below those that the kernel gives to connections.
free_base()
{
    local base port
    while
        base=$((20000 + RANDOM % 12000))
        for port in {0..5}; do answers $((base + port)) && break; done
    do :; done
    echo "$base"
}

# A command in the background has SIGINT ignored, unless env gives it back.
launch_site()
{
    env --default-signal=INT scripts/site "$@" >"$OUT" 2>&1 </dev/null 3>&- &
    SITE_PID=$!
}

start_site()
{
    launch_site "$@"
    eventually said_or_ended 'Ctrl-C ends it all'
    site_runs || { cat "$OUT"; return 1; }
    URL=http://127.0.0.1:$PORT_BASE
    UWSGI_URL=http://127.0.0.1:$((PORT_BASE + 1))
}

site_runs() { kill -0 "$SITE_PID" 2>/dev/null; }
site_has_ended() { ! site_runs; }
said_or_ended() { grep -q "$1" "$OUT" || site_has_ended; }

# As until_ok, for what takes a busy machine its time.
eventually()
{
    local end=$((SECONDS + 120))
    until "$@"; do
        ((SECONDS < end)) || { echo "never true: $*"; cat "$OUT"; return 1; }
        sleep 0.05
    done
}

# site_ends STATUS: of itself, or because of a signal that it was sent.
site_ends()
{
    local status=0
    eventually site_has_ended
    wait "$SITE_PID" || status=$?
    SITE_PID=
    cat "$OUT"
    [ "$status" -eq "$1" ]
}

# Processes that have the data folder or one of the ports in their command line.
left_behind() { pgrep -af -- "$SITE_DATA|127\.0\.0\.1:$PORT_BASE|--port $((PORT_BASE + 4))|port=$((PORT_BASE + 3))"; }

nothing_is_left()
{
    local port
    ! left_behind || return 1
    for port in {0..5}; do ! answers $((PORT_BASE + port)) || return 1; done
}

# pid_of PATTERN: of the one process that site has started whose command line has it.
pid_of() { pgrep -P "$SITE_PID" -f -- "$1"; }

# log_in URL NAME PASSWORD: as a browser would, with the form's token. Cookies are kept in $JAR.
log_in()
{
    local form token
    form=$(curl -fsS -c "$JAR" "$1/login/")
    token=$(sed -nE 's/.*name="csrfmiddlewaretoken" value="([^"]+)".*/\1/p' <<<"$form" | head -n 1)
    curl -sS -b "$JAR" -c "$JAR" -o /dev/null -w '%{http_code}' -e "$1/login/" \
        --data-urlencode "csrfmiddlewaretoken=$token" -d "username=$2" -d "password=$3" "$1/login/"
}

statuses() { curl -sS -o /dev/null -w '%{http_code}\n' "$@" | sort -u; }
who() { curl -fsS -b "$JAR" "$1/python/currentUserId/"; }

# Joins the namespace of session mode, as a page does that may only poll.
follow_session()
{
    local polling="$URL/socket.io/?EIO=4&transport=polling" sid
    sid=$(curl -fsS -b "$JAR" "$polling" | sed -nE 's/.*"sid":"([^"]+)".*/\1/p')
    [ "$(curl -fsS -b "$JAR" -H 'Content-Type: text/plain' -d 40 "$polling&sid=$sid")" = ok ]
}
session_is_online() { grep 'PUBSUB CHANNELS' "$OUT" | bash | grep -qxF "notifications.$1"; }

@test "it says where it is, who can log in and how to send; both ports work; Ctrl-C ends it all" {
    start_site
    grep -qF "$URL/" "$OUT"
    grep -qF "$UWSGI_URL/" "$OUT"
    local name url
    for name in alice bob carol; do grep -q "$name.*$name-demo" "$OUT"; done

    for url in "$URL" "$UWSGI_URL"; do
        [ "$(log_in "$url" bob wrong)" = 200 ]
        [[ "$(who "$url")" == *'"ok": false'* ]]
        [ "$(log_in "$url" bob bob-demo)" = 302 ]
        [[ "$(who "$url")" == *'"ok": true'* ]]
        curl -fsS -o /dev/null "$url/socket.io/socket.io.min.js"
        curl -fsS "$url/socket.io/notify-client.js" | grep -q notifyClient
    done

    # 8 KB of cookies are no reason to refuse; nor is a body that nobody reads, and the answer is whole
    head -c 900000 /dev/zero >"$BATS_TEST_TMPDIR/body"
    for url in "$URL" "$UWSGI_URL"; do
        [ "$(statuses -H "Cookie: big=$(head -c 8000 /dev/zero | tr '\0' x)" "$url/login/")" = 200 ]
        [ "$(statuses -H 'Content-Type: application/octet-stream' \
            --data-binary @"$BATS_TEST_TMPDIR/body" "$url/login/?[1-20]")" = 403 ]
    done
    run ! grep -i reset "$SITE_DATA/log/nginx.log"

    # what it says about sending is true, to the letter
    local bob
    bob=$(who "$URL" | sed -nE 's/.*"userId": "([0-9]+)".*/\1/p')
    grep -qE "notify-send .*--user $bob " "$OUT"
    [[ "$(grep -E '^ *\S*notify-send ' "$OUT" | bash 2>&1)" =~ ^"$bob: stored as "[0-9]+-1", received by 0 " ]]
    [ "$(grep -E '^ *redis-cli .*PUBLISH' "$OUT" | bash)" = 0 ]

    kill -INT "$SITE_PID"
    local start=$SECONDS
    site_ends 130
    ((SECONDS - start < 10))
    nothing_is_left
}

@test "a second start has the same data; SIGTERM ends it too; a page may follow its session" {
    start_site --follow session
    grep -q 'PUBLISH notifications.SESSION' "$OUT"
    [ "$(log_in "$URL" alice alice-demo)" = 302 ]
    curl -fsS -b "$JAR" "$URL/" | grep -q 'data-follow="session"'
    # the two lines that it says, to the letter: who is online, and how to send there
    local session
    session=$(awk '$6 == "sessionid" { print $7 }' "$JAR")
    follow_session
    until_ok session_is_online "$session"
    [ "$(sed -n "/PUBLISH/s/SESSION/$session/p" "$OUT" | bash)" = 1 ]

    local secret
    secret=$(sha256sum "$SITE_DATA/secret-key")
    [ "$(stat -c %a "$SITE_DATA")" = 700 ]
    kill -TERM "$SITE_PID"
    site_ends 143
    nothing_is_left

    start_site
    [[ "$(who "$URL")" == *'"ok": true'* ]]  # the session of before
    [ "$(sha256sum "$SITE_DATA/secret-key")" = "$secret" ]
    kill -KILL "$SITE_PID"
    wait "$SITE_PID" || true
    SITE_PID=
    eventually nothing_is_left
}

@test "when one of them ends by itself, all do, and its name and log are shown" {
    start_site
    kill -KILL "$(pid_of "^[^ ]*notify-gateway ")"
    site_ends 1
    grep -q '^site: gateway has ended' "$OUT"
    grep -q -- "--- $SITE_DATA/log/gateway.log" "$OUT"
    grep -q 'listens on' "$OUT"
    nothing_is_left
}

@test "what cannot start ends it all, with what it said" {
    mkdir -p "$BATS_TEST_TMPDIR/build/bin"
    printf '#!/bin/sh\necho "no such option"; exit 2\n' >"$BATS_TEST_TMPDIR/build/bin/notify-gateway"
    chmod +x "$BATS_TEST_TMPDIR/build/bin/notify-gateway"
    NOTIFY_BUILD_DIR=$BATS_TEST_TMPDIR/build launch_site
    site_ends 1
    grep -q '^site: gateway ended' "$OUT"
    grep -qx 'no such option' "$OUT"
    nothing_is_left
}

@test "a port that is taken is named before anything starts, with another choice" {
    local taken=$((PORT_BASE + 3)) base
    redis-server --port "$taken" --bind 127.0.0.1 --save '' >/dev/null </dev/null 3>&- &
    TAKER=$!
    until_ok answers "$taken"
    run -1 timeout 60 scripts/site
    echo "$output"
    [ "${lines[0]}" = "site: port $taken is taken, where Django by uWSGI should listen" ]
    base=$(sed -nE 's/.*PORT_BASE=([0-9]+)$/\1/p' <<<"$output")
    ((base >= 1024))
    [[ "$output" != *Start* ]]
}

@test "two at a time don't share their data" {
    start_site
    PORT_BASE=$(free_base) run -1 timeout 60 scripts/site
    echo "$output"
    [[ "${lines[0]}" == "site: another site (process $SITE_PID) runs with the data in $SITE_DATA"* ]]
    site_runs
}

@test "--help" {
    run -0 scripts/site --help
    [[ "${lines[0]}" == 'Runs the example site'* ]]
    [[ "$output" == *--follow*PORT_BASE*NOTIFY_BUILD_DIR* ]]
}

# refused WORDS…: the last run ended as wrong usage, with these words.
refused()
{
    echo "$output"
    [ "$status" -eq 2 ]
    local word
    for word; do [[ "$output" == *"$word"* ]]; done
    [[ "$output" == *--help* ]]
}

@test "wrong usage is refused with what was wrong" {
    run scripts/site --fallow user
    refused "'--fallow'"
    run scripts/site --follow
    refused '--follow needs a value'
    run scripts/site --follow=group
    refused "'group'"
    FOLLOW=nobody run scripts/site
    refused "'nobody'"
    local base
    for base in 80 1023 65531 99999999999999999999 4000x -4000 0x1000 '4000 '; do
        PORT_BASE=$base run scripts/site
        refused "PORT_BASE is '$base'"
    done
}
