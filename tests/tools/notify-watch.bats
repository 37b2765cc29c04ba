#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# notify-watch as scripts and people use it, against a real gateway and a real Redis. What waits
# polls for a condition; the one pause that must last says why.

bats_require_minimum_version 1.5.0

load ../support/tools
load ../support/redis
load ../support/watch

setup_file()
{
    export APP REDIS_DIR=$BATS_FILE_TMPDIR FILE_REDIS FILE_URL
    DIR=$BATS_FILE_TMPDIR
    start_redis
    start_web_app
    # A short heartbeat, so that a watch that neglects it loses its connection within the tests.
    start_gateway gateway --ping-interval 500 --ping-timeout 1500 \
        --subscribe-by-cookies-url "http://127.0.0.1:$APP/user"
    FILE_REDIS=$NOTIFY_REDIS FILE_URL=$NOTIFY_URL
}

teardown_file()
{
    DIR=$BATS_FILE_TMPDIR
    stop_all
    stop_redis
}

setup()
{
    DIR=$BATS_TEST_TMPDIR
    cd "$DIR"
    export NOTIFY_REDIS=$FILE_REDIS NOTIFY_URL=$FILE_URL
}

teardown() { stop_all; }

# --- what it says of itself ----------------------------------------------------------------------

@test "--help begins with examples and names everything" {
    notify-watch --help | expect_golden notify-watch-help.txt
}

@test "wrong usage is named, with the value, and what to try" {
    unset NOTIFY_REDIS NOTIFY_URL
    printf 'no cookie here\n' >bad-cookie
    printf 'a=1\nb=2\n' >two-lines
    printf '\xff\xfea\0=\0' >utf-16
    expect_session notify-watch-errors.txt
}

@test "a secret on the command line is not repeated in an error" {
    run timeout 20 notify-watch --uuid "se cret"
    [ "$status" -eq 2 ]
    [[ $output != *"se cret"* ]]
    run timeout 20 notify-watch --cookie "secret"
    [ "$status" -eq 2 ]
    [[ $output != *secret* ]]
    run timeout 20 notify-watch --user 1 --url http://joe:secret@localhost
    [ "$status" -eq 2 ]
    [[ $output != *secret* ]]
}

@test "a gateway that is not there: 5, and which one" {
    run timeout 20 notify-watch --user 12345 --url http://127.0.0.1:1
    [ "$status" -eq 5 ]
    [[ $output == *"cannot watch at http://127.0.0.1:1: "*"Connection refused"* ]]
}

@test "a Redis that is not there: 5, and which one" {
    run timeout 20 notify-watch --user 12345 --redis redis://127.0.0.1:1
    [ "$status" -eq 5 ]
    [[ $output == *"127.0.0.1:1"*"Connection refused"*"--redis"* ]]
}

@test "a server that is no gateway: 5, and what it answered" {
    run timeout 20 notify-watch --user 12345 --url "http://127.0.0.1:$APP"
    [ "$status" -eq 5 ]
    [[ $output == *"the gateway answered 200 OK"* ]]
}

# --- who watches ---------------------------------------------------------------------------------

@test "--user gets that user's messages and nobody else's" {
    start_watch w --user 12345 --count 2
    publish 777 "not yours"
    publish 12345 Hey
    publish 1234 "not yours"
    publish 12345 "Grüße"
    expect_end w 0
    [ "$(messages w.out)" = $'Hey\nGrüße' ]
    grep -Eq '^\{"time":"20[0-9-]{8}T[0-9:]{8}\.[0-9]{3}Z","user":"12345","message":"Hey"\}$' w.out
    [ "$(cat w.err)" = "notify-watch: watching user 12345 at $NOTIFY_URL" ]
}

@test "--uuid watches as the user of the uuid, which then is used up" {
    local uuid
    uuid=$(mint 12345)
    start_watch w --uuid "$uuid" --count 1
    publish 12345 Hey
    expect_end w 0
    [ "$(messages w.out)" = Hey ]
    run timeout 20 notify-watch --uuid "$uuid"
    [ "$status" -eq 4 ]
    [[ $output == *"refused by $NOTIFY_URL: USERID_IS_NULL"* ]]
    [[ $output != *"$uuid"* ]]
}

@test "--user mints its uuidCookies under --uuidcookie-prefix" {
    run timeout 20 notify-watch --user 12345 --uuidcookie-prefix other-
    [ "$status" -eq 4 ]
    [[ $output == *USERID_IS_NULL* ]]
    [ "$(redis --raw keys 'other-*' | wc -l)" -eq 1 ]
}

@test "--uuid - reads the uuid from standard input" {
    mint 12345 | notify-watch --uuid - --count 1 >out 2>err 3>&- &
    until_ok grep -q watching err
    publish 12345 Hey
    wait $!
    [ "$(messages out)" = Hey ]
}

@test "--cookie and --cookie-file watch as the user that the web app knows" {
    start_watch one --cookie "sessionid=abc; theme=dark" --count 1
    printf '\xef\xbb\xbfCookie: sessionid=abc; theme=dark\r\n' >cookie.txt # by Windows' Notepad
    start_watch two --cookie-file cookie.txt --count 1
    publish 12345 Hey
    expect_end one 0
    expect_end two 0
    [ "$(messages two.out)" = Hey ]
    lacks user two.out
}

@test "cookies of nobody: 4, and the code of the contract" {
    run timeout 20 notify-watch --cookie "sessionid=unknown"
    [ "$status" -eq 4 ]
    [[ $output == *"SUBSCRIBE_BY_COOKIES_ERROR"* ]]
    [[ $output != *unknown* ]]
}

@test "https is verified, by --ca-file for a private authority" {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=test \
        -addext subjectAltName=DNS:localhost -keyout key.pem -out ca.pem 2>/dev/null
    cat key.pem ca.pem >both.pem
    start_on_port tls "listening on" socat -d -d \
        OPENSSL-LISTEN:PORT,bind=127.0.0.1,cert=both.pem,verify=0,fork "TCP:${NOTIFY_URL#http://}"
    start_watch w --user 12345 --url "https://localhost:$PORT" --ca-file ca.pem --count 1
    publish 12345 Hey
    expect_end w 0
    [ "$(messages w.out)" = Hey ]

    run timeout 20 notify-watch --user 12345 --url "https://localhost:$PORT"
    [ "$status" -eq 5 ]
    [[ $output == *"certificate"* ]]
    run timeout 20 notify-watch --user 12345 --url "https://127.0.0.1:$PORT" --ca-file ca.pem
    [ "$status" -eq 5 ]
    [[ $output == *"certificate"* ]]
}

# --- what it shows -------------------------------------------------------------------------------

@test "a terminal gets time and text, with nothing in it that it would obey" {
    start w script -qec "TZ=UTC notify-watch --user 12345 --count 2" /dev/null
    until_ok grep -q watching w.out
    publish 12345 $'a\tb\nc\x1b[31m\xc2\x9b2J\xe2\x80\xaetxt'
    publish 12345 $'Gr\xc3\xbc\xc3\x9fe \xf0\x9f\x8e\x89'
    expect_end w 0
    tr -d '\r' <w.out | grep -v watching | sed -E 's/^[0-9]{2}:[0-9]{2}:[0-9]{2}  /TIME  /' >shown
    printf '%s\n' 'TIME  a\tb\nc\e[31m\xc2\x9b2J\xe2\x80\xaetxt' 'TIME  Grüße 🎉' |
        diff -u - shown
}

@test "JSON holds any text exactly, and is safe to look at" {
    start_watch w --user 12345 --json --count 2
    local odd=$'"\\ \x01 \x1b \x7f \xc2\x9b \xe2\x80\xae \xf0\x9f\x8e\x89'
    publish 12345 "$odd"
    publish 12345 "Grüße"
    expect_end w 0
    [ "$(messages w.out)" = "$odd"$'\nGrüße' ]
    lacks $'[\x01-\x09\x0b-\x1f\x7f]\|\xc2\x9b\|\xe2\x80\xae' w.out
    grep -q '"message":"Grüße"' w.out
}

@test "a large message arrives whole" {
    start_watch w --user 12345 --count 1
    python3 -c 'print("x" * 900000, end="")' | redis -x publish /app/user/12345/notifications
    expect_end w 0
    [ "$(messages w.out | wc -c)" -eq 900001 ]
}

# --- when it ends --------------------------------------------------------------------------------

@test "--for without --count ends with 0, with an unreached --count with 6" {
    run -0 notify-watch --user 12345 --for 300ms --quiet
    [ "$output" = "" ]
    run -6 notify-watch --user 12345 --for 300ms --count 1 --quiet
    [ "$output" = "notify-watch: the time of --for is over: 0 of 1 notifications have come" ]
}

@test "--for also limits a gateway that lets nobody in: 6" {
    start_on_port silent "listening on" socat -d -d -u TCP-LISTEN:PORT,bind=127.0.0.1,fork \
        CREATE:heard
    run -6 notify-watch --user 12345 --url "http://127.0.0.1:$PORT" --for 300ms
    [[ $output == *"has not let us in yet"* ]]
}

@test "it ends when nobody reads its output any more, with 0 and without another message" {
    mkfifo pipe
    notify-watch --user 12345 >pipe 2>w.err 3>&- &
    echo $! >w.pid
    exec 4<pipe
    until_ok grep -q watching w.err
    exec 4<&-
    expect_end w 0
}

@test "Ctrl-C ends it at once with 130, SIGTERM with 143" {
    # A job of a script has SIGINT ignored, unlike one at a terminal.
    start w python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' notify-watch --user 12345
    until_ok grep -q watching w.err
    kill -INT "$(cat w.pid)"
    expect_end w 130
    start_watch v --user 12345
    kill -TERM "$(cat v.pid)"
    expect_end v 143
}

# --- across losses -------------------------------------------------------------------------------

@test "a gateway that is killed and started again: the watch comes back, with a new uuidCookie" {
    start_gateway mortal
    start_watch w --user 12345 --count 2
    publish 12345 before
    until_ok grep -q before w.out
    stop mortal
    until_ok grep -q "connection lost: .*; trying again in [0-9.]* s" w.err
    restart_gateway mortal
    until_ok grep -q back w.err
    publish 12345 after
    expect_end w 0
    [ "$(messages w.out)" = $'before\nafter' ]
}

@test "--quiet says nothing of a loss" {
    # A user of its own: gateways stay subscribed for a while after the last socket has left.
    start_gateway mortal
    start w notify-watch --user quiet --count 2 --quiet
    until_ok publish_heard quiet one
    until_ok grep -q one w.out
    kill -TERM "$(cat mortal.pid)"
    wait "$(cat mortal.pid)"
    restart_gateway mortal
    until_ok publish_heard quiet two
    expect_end w 0
    [ "$(cat w.err)" = "" ]
}

@test "a given uuid works once: a loss is the end, 5" {
    start_gateway mortal
    start_watch w --uuid "$(mint 12345)"
    stop mortal
    expect_end w 5
    grep -q "a uuid works once" w.err
}

# --- --exec --------------------------------------------------------------------------------------

@test "--exec gets the message on standard input, exactly, and never as part of a command" {
    cat >command <<'SH'
printf '%s|%s|' "$NOTIFY_USER" "$NOTIFY_TIME" >>got; cat >>got; echo '|' >>got
SH
    start_watch w --user 12345 --count 2 --exec "$(cat command)"
    publish 12345 "\$(touch pwned) \`touch pwned\`; touch pwned #' \""
    publish 12345 $'two\nlines\n'
    expect_end w 0
    [ ! -e pwned ]
    sed -E 's/\|20[0-9-]{8}T[0-9:]{8}\.[0-9]{3}Z\|/|TIME|/' got |
        diff -u <(printf '%s\n' "12345|TIME|\$(touch pwned) \`touch pwned\`; touch pwned #' \"|" \
            '12345|TIME|two' lines '|') -
}

@test "a user id may hold what a shell would act on, in JSON and for --exec too" {
    user="o'brien|\$(touch\${IFS}pwned)"
    start_watch w --user "$user" --json --count 1
    notify-send --user "$user" Hey
    expect_end w 0
    grep -qF '"user":"o'"'"'brien|$(touch${IFS}pwned)","message":"Hey"' w.out
    start_watch x --user "$user" --count 1 --exec 'printf %s "$NOTIFY_USER" >got'
    publish "$user" Hey
    expect_end x 0
    [ "$(cat got)" = "$user" ]
    [ ! -e pwned ]
}

@test "--exec runs one command at a time, in order, and waits for the last" {
    start_watch w --user 12345 --count 20 \
        --exec 'mkdir busy && cat >>got && echo >>got && rmdir busy'
    seq -f 'publish /app/user/12345/notifications %g' 20 | redis >/dev/null
    expect_end w 0
    diff <(seq 20) got
}

@test "a command that fails, or does not read, is said on stderr and costs nothing" {
    start_watch w --user 12345 --count 2 --exec 'exit 3'
    publish 12345 "$(python3 -c 'print("x" * 100000)')"
    publish 12345 two
    expect_end w 0
    [ "$(grep -c "the command of --exec ended with status 3" w.err)" -eq 2 ]
    start_watch v --user 12345 --count 1 --exec 'kill -9 $$'
    publish 12345 one
    expect_end v 0
    grep -q "ended by signal 9" v.err
}

@test "what a command prints does not mix with the notifications" {
    start_watch w --user 12345 --count 1 --exec 'echo printed; echo complained >&2'
    publish 12345 one
    expect_end w 0
    [ "$(messages w.out)" = one ]
    lacks printed w.out
    grep -qx printed w.err
    grep -qx complained w.err
    # standard error may be closed
    notify-watch --user deaf --count 1 --exec 'echo ran >>got; echo printed' >out 2>&- 3>&- &
    until_ok publish_heard deaf one
    wait $!
    [ "$(cat got)" = ran ]
    [ "$(messages out)" = one ]
}

@test "--exec-must-succeed: 7 when a command has failed, 0 when none has" {
    start_watch w --user 12345 --count 2 --exec-must-succeed --exec '[ "$(cat)" = one ]'
    publish 12345 one
    publish 12345 two
    expect_end w 7
    start_watch v --user 12345 --count 1 --exec-must-succeed --exec '[ "$(cat)" = one ]'
    publish 12345 one
    expect_end v 0
}

@test "a terminal that is closed ends the watch (SIGHUP)" {
    start_watch w --user 12345
    kill -HUP "$(cat w.pid)"
    expect_end w 129
}

@test "a slow command stops neither the heartbeat nor what is shown" {
    start_watch w --user 12345 --count 2 \
        --exec 'until [ -e go ]; do sleep 0.05; done; cat >>got; echo >>got'
    publish 12345 one
    sleep 2.5  # more than the gateway's heartbeat (0.5 s + 1.5 s): a silent client would be gone
    publish 12345 two
    until_ok grep -q two w.out
    [ ! -e got ]
    touch go
    expect_end w 0
    [ "$(cat got)" = $'one\ntwo' ]
    lacks lost w.err
}

@test "a command that lets too many wait misses some, which is said: 7" {
    start_watch w --user 12345 --count 1102 \
        --exec 'until [ -e go ]; do sleep 0.05; done; echo >>got'
    seq -f 'publish /app/user/12345/notifications %g' 1102 | redis >/dev/null
    until_ok grep -q '"1102"' w.out
    touch go
    expect_end w 7
    [ "$(wc -l <got)" -eq 1001 ]  # one that ran and a thousand that waited
    [ "$(grep -c "this one is not given to it" w.err)" -eq 101 ]
}

@test "a command has none of our connections and signals" {
    start_watch w --user 12345 --count 1 \
        --exec 'ls -l /proc/self/fd >fds; grep SigIgn /proc/self/status >signals'
    publish 12345 one
    expect_end w 0
    grep -q -e '->' fds
    lacks socket fds
    (((16#$(awk '{ print $2 }' signals) & 1 << 12) == 0))  # SIGPIPE ends it, as usual
}
