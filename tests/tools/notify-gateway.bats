#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# notify-gateway from the command line: what it says, what it refuses, and --dev. What it serves is
# tested in tests/node.

bats_require_minimum_version 1.5.0
load ../support/tools

setup()
{
    DIR=$BATS_TEST_TMPDIR
    export TMPDIR=$DIR # where --dev puts its private folder
    cd "$DIR"
    : >pids
}

teardown()
{
    local pid
    while read -r pid; do kill -KILL "$pid" || true; done <"$DIR/pids"
} 2>/dev/null

# start NAME COMMAND…: in the background; what it writes goes to NAME.out and NAME.err.
start()
{
    local name=$1
    shift
    "$@" >"$name.out" 2>"$name.err" </dev/null 3>&- &
    echo $! | tee -a pids >"$name.pid"
}

# start_gateway NAME OPTION…: on a port that the kernel chooses. Sets URL.
start_gateway()
{
    local name=$1
    shift
    start "$name" notify-gateway --port 0 "$@"
    until_ok grep -q notify-token "$name.err"
    URL=$(sed -n 's/^notify-gateway listens on \([^ ]*\).*/\1/p' "$name.err")
    until_ok curl -fsS "$URL/healthz"
}

stop()  # NAME STATUS
{
    local status=0
    kill -TERM "$(cat "$1.pid")"
    wait "$(cat "$1.pid")" || status=$?
    ((status == $2)) || { cat "$1.err"; return 1; }
    [ ! -s "$1.out" ] # a gateway has no results: all it says is for people
}

# --dev with a Redis of its own. Sets URL, REDIS_PORT and NOTIFY_REDIS.
start_dev()
{
    REDIS_PORT=$(free_port)
    export NOTIFY_REDIS=redis://127.0.0.1:$REDIS_PORT
    start_gateway gateway --dev "$@"
}

redis_is_gone() { ! redis-cli -p "$REDIS_PORT" ping; }

post()  # PATH JSON CURL-OPTION…
{
    local path=$1 body=$2
    shift 2
    curl -sS -w '\n%{http_code}\n' -H 'Content-Type: application/json' --data-binary "$body" "$@" "$URL$path"
}

# --- what it says of itself ----------------------------------------------------------------------

@test "--help begins with examples and names everything" {
    notify-gateway --help | expect_golden notify-gateway-help.txt
}

@test "wrong usage is named, with the value, and what to try" {
    expect_session notify-gateway-errors.txt
}

@test "a secret file that everybody may read is taken with a warning, and its content is not shown" {
    openssl rand -hex 32 >secret
    chmod 644 secret
    start_gateway open --redis redis://127.0.0.1:1 --secret-file secret
    grep -F -- '--secret-file "secret": everybody on this machine may read it; chmod o= "secret"' open.err
    chmod 640 secret
    start_gateway closed --redis redis://127.0.0.1:1 --secret-file secret --recovery-window 0
    ! grep -F secret closed.err
    ! grep -F "$(cat secret)" open.err
}

@test "each limit is taken at both of its ends, and refused one past them" {
    options=$(notify-gateway --help | sed -n '/^Limits:/,/^[A-Z].*:$/s/^  \(--[a-z-]*\) .*/\1/p')
    [ "$(wc -w <<<"$options")" -eq 24 ]
    for option in $options; do
        run -2 notify-gateway "$option" -1
        [[ $output =~ "$option -1 is not between "([0-9]+)" and "([0-9]+) ]]
        least=${BASH_REMATCH[1]} most=${BASH_REMATCH[2]}
        for value in $((least - 1)) $((most + 1)); do
            run -2 notify-gateway "$option" "$value"
            [[ $output == *"$option $value is not between $least and $most"* ]]
        done
        for value in "$least" "$most"; do # what is asked after the limits is what is wrong then
            run -2 notify-gateway "$option" "$value" --allow-origin nonsense
            [[ $output == *--allow-origin* ]]
        done
    done
}

@test "it says what it listens on, which Redis, how identity works, and three commands to try" {
    start_gateway gateway --redis redis://joe:secret@127.0.0.1:1/2 --threads 1 \
        --subscribe-by-cookies-url http://127.0.0.1:8000/whoami
    port=${URL##*:}
    head -n 7 gateway.err | diff -u - <(cat <<EOT
notify-gateway listens on http://127.0.0.1:$port with 1 thread
Redis:    redis://joe@127.0.0.1:1/2
identity: a uuidCookie (Redis key cookie-<uuid>), or cookies (asked at http://127.0.0.1:8000/whoami)
Try, in other terminals:
  notify-watch --user 12345 --url $URL --redis redis://joe@127.0.0.1:1/2
  notify-send --user 12345 --redis redis://joe@127.0.0.1:1/2 "Hey"
  notify-token --user 12345 --redis redis://joe@127.0.0.1:1/2
EOT
)
    ! grep -q secret gateway.err
    stop gateway 0
}

@test "a port that is taken is said, with what to try; --share-port takes it too" {
    start_gateway first --redis redis://127.0.0.1:1
    port=${URL##*:}
    run notify-gateway --port "$port"
    [ "$status" -eq 1 ]
    [ "$output" = "notify-gateway: cannot listen on 127.0.0.1:$port: Address already in use; stop what listens there, or choose another --port" ]
    start second notify-gateway --port "$port" --share-port --redis redis://127.0.0.1:1
    until_ok grep -q listens second.err
    until_ok curl -fsS "$URL/healthz"
    stop second 0
    curl -fsS "$URL/healthz"
    stop first 0
}

@test "a --host that is no address of this machine, and a --bundle-dir without scripts, are said at the start" {
    run -1 notify-gateway --host 192.0.2.1
    [[ $output == "notify-gateway: cannot listen on 192.0.2.1:3000: "*"that is no address of this machine"* ]]
    mkdir empty locked
    : >file
    run -2 notify-gateway --bundle-dir empty
    [ "$output" = "notify-gateway: --bundle-dir: empty holds no scripts" ]
    run -2 notify-gateway --bundle-dir missing
    [ "$output" = "notify-gateway: --bundle-dir: cannot read missing: No such file or directory" ]
    run -2 notify-gateway --bundle-dir file
    [ "$output" = "notify-gateway: --bundle-dir: cannot read file: Not a directory" ]
    : >locked/a.js
    chmod 0 locked/a.js
    if [ ! -r locked/a.js ]; then # not if we are root
        run -2 notify-gateway --bundle-dir locked
        [[ $output == *"Permission denied"* ]]
    fi
}

@test "what a shell or an orchestrator sets for its own ends is passed over, which is said" {
    export HOST=x86_64-conda-linux-gnu PORT=serial0 NOTIFY_PORT=tcp://10.0.0.3:3000
    export NOTIFY_SERVICE_HOST=10.0.0.3 NOTIFY_PORT_3000_TCP=tcp://10.0.0.3:3000
    export NOTIFY_SHARE_PORT=udp://10.0.0.4:53
    start_gateway gateway --redis redis://127.0.0.1:1 --threads 1
    stop gateway 0
    grep ignored gateway.err | diff -u - <(cat <<EOT
notify-gateway: HOST is ignored: "x86_64-conda-linux-gnu" is nothing for --host; --host is 127.0.0.1
notify-gateway: NOTIFY_SHARE_PORT is ignored: "udp://10.0.0.4:53" is the link to a service; --share-port is not set
EOT
)
    port=$(free_port) # the environment says nothing, so the file does
    echo "port = $port" >config
    start file notify-gateway --config config --redis redis://127.0.0.1:1
    until_ok grep -q "listens on http://127.0.0.1:$port" file.err
    stop file 0
    grep -q "NOTIFY_PORT is ignored: \"tcp://10.0.0.3:3000\" is the link to a service; --port is $port" file.err
    grep -q "PORT is ignored: \"serial0\" is nothing for --port; --port is $port" file.err
    NOTIFY_HOST=nonsense run -2 notify-gateway # can only be meant for us
    [[ $output == *'NOTIFY_HOST: --host "nonsense" is not an address'* ]]
}

@test "SIGHUP, SIGUSR1 and SIGUSR2 do not end it" {
    start_gateway gateway --redis redis://127.0.0.1:1
    for signal in USR1 USR2 HUP; do kill "-$signal" "$(cat gateway.pid)"; done
    until_ok grep -q "SIGHUP: settings cannot be read again" gateway.err
    curl -fsS "$URL/healthz"
    stop gateway 0
    grep -q "SIGTERM: closing" gateway.err
}

@test "a terminal that is closed ends it properly" {
    port=$(free_port)
    # who opens a terminal, starts the gateway on it, and closes the terminal when it listens
    python3 - "$port" <<'PY'
import os, pty, select, signal, sys, time
pid, master = pty.fork()
if pid == 0:
    os.execvp("notify-gateway", ["notify-gateway", "--port", sys.argv[1], "--redis", "redis://127.0.0.1:1"])
signal.alarm(20)
seen = b""
while b"notify-token" not in seen: seen += os.read(master, 4096)
os.close(master)
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) & 0xff)
PY
}

@test "a Redis that is not there does not keep it from serving; /healthz says so" {
    start_gateway gateway --redis redis://127.0.0.1:1
    run curl -sS "$URL/healthz"
    [ "$output" = '{"status":"degraded","redis":"down","connections":0,"sessions":0,"channels":0}' ] ||
        [[ $output == '{"status":"degraded","redis":"down","connections":'* ]]
    stop gateway 0
}

@test "why there is no Redis is said once, and again only when the reason is another" {
    port=$(free_port)
    start_gateway gateway --threads 1 --redis "redis://127.0.0.1:$port"
    until_ok grep -q 'cannot connect to .*refused; trying again' gateway.err
    start redis redis-server --port "$port" --bind 127.0.0.1 --requirepass pw --save '' --dir "$DIR"
    until_ok grep -q 'wants a password; trying again' gateway.err
    redis-cli -p "$port" -a pw config set requirepass '' 2>/dev/null
    until_ok grep -q 'connected to Redis' gateway.err
    [ "$(grep -c 'refused' gateway.err)" -eq 1 ]
    [ "$(grep -c 'wants a password' gateway.err)" -eq 1 ]
    stop gateway 0
}

@test "a configuration file and the environment, old names too, set what flags set" {
    port=$(free_port)
    printf 'port = %s\nthreads = 2\n' "$port" >config
    start file notify-gateway --config config --threads 1
    until_ok grep -q "127.0.0.1:$port with 1 thread$" file.err
    stop file 0
    PORT=$port UUIDCOOKIE_PREFIX=old- SUBSCRIBE_BY_COOKIES_URL='' start env notify-gateway
    until_ok grep -q "identity: a uuidCookie (Redis key old-<uuid>)$" env.err
    grep -q "127.0.0.1:$port" env.err
    stop env 0
}

# --- --dev ---------------------------------------------------------------------------------------

@test "--dev starts a Redis when none answers, and ends it with itself" {
    start_dev
    grep -q "^Redis: .*(started here, ends with this)$" gateway.err
    [ "$(redis-cli -p "$REDIS_PORT" ping)" = PONG ]
    [ -d "$DIR"/notify-dev-* ]
    stop gateway 0
    redis_is_gone
    [ ! -e "$DIR"/notify-dev-* ]
}

@test "--dev ends its Redis even when it is killed" {
    start_dev
    kill -KILL "$(cat gateway.pid)"
    until_ok redis_is_gone
}

@test "--dev uses a Redis that answers, and leaves it alone" {
    REDIS_PORT=$(free_port)
    start redis redis-server --port "$REDIS_PORT" --bind 127.0.0.1 --save '' --dir "$DIR"
    until_ok redis-cli -p "$REDIS_PORT" ping
    start_gateway gateway --dev --redis "redis://127.0.0.1:$REDIS_PORT"
    ! grep -q "started here" gateway.err
    stop gateway 0
    [ "$(redis-cli -p "$REDIS_PORT" ping)" = PONG ]
}

@test "--dev serves a page for one user, fixed or random, and the script that it needs" {
    start_dev --sample-userid 4711
    curl -fsS "$URL/" >page
    grep -q 4711 page
    ! grep -q @ page
    grep -qF 'const redisFlag = " --redis redis://127.0.0.1:'"$REDIS_PORT"'";' page
    grep -qi '<!doctype html>' page
    curl -fsS "$URL/socket.io/socket.io.js" | cmp - "$BATS_TEST_DIRNAME/../../node_modules/socket.io-client/dist/socket.io.js"
    run curl -sS -o /dev/null -w '%{content_type}' "$URL/"
    [ "$output" = "text/html; charset=UTF-8" ]
}

@test "--dev mints and sends, as its page asks for" {
    start_dev
    run post /dev/token '{"user":"12345"}'
    [ "${lines[1]}" = 200 ]
    uuid=$(python3 -c 'import json, sys; print(json.loads(sys.argv[1])["uuid"])' "${lines[0]}")
    [ "$(redis-cli -p "$REDIS_PORT" get "cookie-$uuid")" = '{"userId":"12345"}' ]
    start subscriber redis-cli -p "$REDIS_PORT" subscribe /app/user/12345/notifications
    until_ok grep -q '^1$' subscriber.out
    run post /dev/send '{"user":"12345","message":"Grüße \"Hey\""}'
    [[ ${lines[0]} =~ ^'{"id":"'([0-9]{13}-1)'","receivers":1}'$ ]]
    until_ok grep -qF "{\"id\":\"${BASH_REMATCH[1]}\",\"at\":" subscriber.out
    grep -qF ',"unread":1,"message":"Grüße \"Hey\""}' subscriber.out
}

@test "--dev refuses users and messages that are none" {
    start_dev
    for body in '{}' '{"user":""}' '{"user":null}' '{"user":"a/b"}' '{"user":"1\u0000"}' '[]' 'x' ''; do
        run post /dev/token "$body"
        [ "${lines[1]}" = 400 ] || { echo "$body: $output"; false; }
        run post /dev/send "$body"
        [ "${lines[1]}" = 400 ] || { echo "$body: $output"; false; }
    done
    run post /dev/send '{"user":"1"}'
    [ "${lines[0]}" = '{"error":"the message must be a string"}' ]
    [ "$(redis-cli -p "$REDIS_PORT" keys '*')" = notify:secret ] # the gateway's own
}

@test "--dev answers nobody who was led here by another name, nor other sites' pages" {
    start_dev
    for host in evil.example localhost.evil.example 127.0.0.1.evil.example 10.0.0.1; do
        run post /dev/token '{"user":"1"}' -H "Host: $host"
        [ "${lines[1]}" = 403 ] || { echo "$host: $output"; false; }
    done
    # A form or a simple request of another site's page cannot say application/json.
    run curl -sS -o /dev/null -w '%{http_code}' -H 'Content-Type: text/plain' -d '{"user":"1"}' "$URL/dev/token"
    [ "$output" = 403 ]
    run curl -sS -o /dev/null -w '%{http_code}' "$URL/dev/token"
    [ "$output" = 403 ]
    # What says more needs a preflight, which is not granted.
    run curl -sSi -X OPTIONS -H 'Origin: http://evil.example' -H 'Access-Control-Request-Method: POST' "$URL/dev/token"
    [[ ${output,,} != *access-control-allow* ]]
    run post /dev/token '{"user":"1"}' -H 'Origin: http://evil.example'
    [ "${lines[1]}" = 403 ]
    for host in localhost 127.0.0.1:80 '[::1]:3000'; do
        run post /dev/token '{"user":"1"}' -H "Host: $host"
        [ "${lines[1]}" = 200 ] || { echo "$host: $output"; false; }
    done
}

@test "without --dev none of that is served" {
    start_gateway gateway --redis redis://127.0.0.1:1
    for path in / /dev/token /dev/send; do
        run curl -sS -o /dev/null -w '%{http_code}' "$URL$path"
        [ "$output" = 404 ]
    done
}

@test "--dev, notify-watch and notify-send: the first thing one tries" {
    start_dev
    start watch notify-watch --user 12345 --url "$URL" --count 1 --for 60s
    until_ok grep -q watching watch.err
    notify-send --user 12345 "Hey"
    status=0
    wait "$(cat watch.pid)" || status=$?
    [ "$status" -eq 0 ]
    [[ $(cat watch.out) == *'"message":"Hey"'* ]]
    until_ok grep -q "user 12345 subscribes to /app/user/12345/notifications; to send: notify-send --user 12345 --redis redis://127.0.0.1:$REDIS_PORT \"Hey\"" gateway.err
    stop gateway 0
}
