# SPDX-License-Identifier: MIT
#
# What the tests of notify-watch share: programs in the background, a gateway, a web app, watches.
# What waits polls for a condition.
#
#   load ../support/tools
#   load ../support/redis
#   load ../support/watch
#
# REQUIRES: DIR is a folder of the test's own, and stop_all in teardown.

# start NAME COMMAND…: runs it in the background, until the test ends or stop NAME.
start()
{
    local name=$1
    shift
    "$@" >"$DIR/$name.out" 2>"$DIR/$name.err" </dev/null 3>&- &
    echo $! >"$DIR/$name.pid"
}

stop()  # NAME: as a crash would
{
    kill -KILL "$(cat "$DIR/$1.pid")" && wait "$(cat "$DIR/$1.pid")" || true
    rm "$DIR/$1.pid"
} 2>/dev/null

stop_all()
{
    local pid
    for pid in "$DIR"/*.pid; do
        [[ ! -e $pid ]] || stop "$(basename "$pid" .pid)"
    done
}

ended() { ! kill -0 "$(cat "$DIR/$1.pid")"; }

says_or_ended() { grep -qs "$2" "$DIR/$1.out" "$DIR/$1.err" || ended "$1"; }

# start_on_port NAME TEXT COMMAND…: starts a server on a free port, which it sets PORT to, and
# waits until it says TEXT. A word PORT in the command stands for the port.
start_on_port()
{
    local name=$1 text=$2 tries
    shift 2
    for tries in {1..20}; do
        # below the ports that the kernel gives to outgoing connections
        PORT=$((20000 + RANDOM % 12000))
        start "$name" "${@//PORT/$PORT}"
        until_ok says_or_ended "$name" "$text"
        ended "$name" 2>/dev/null || return 0
    done
    return 1
}

# start_gateway NAME [OPTION…]: on a free port, which it sets PORT to, and NOTIFY_URL for the tools.
start_gateway()
{
    local name=$1
    shift
    start_on_port "$name" "listens on" notify-gateway --port PORT "$@"
    export NOTIFY_URL=http://127.0.0.1:$PORT
}

# restart_gateway NAME: a new one in place of one that has ended.
restart_gateway()
{
    start "$1" notify-gateway --port "$PORT"
    until_ok curl -fsS "http://127.0.0.1:$PORT/healthz"
}

publish() { redis publish "/app/user/$1/notifications" "$2" >/dev/null; }

# Publishes if somebody is subscribed.
publish_heard() { [[ $(redis publish "/app/user/$1/notifications" "$2") -gt 0 ]]; }

# start_watch NAME [OPTION…]: a watch in the background, which is subscribed when this returns.
start_watch()
{
    start "$1" notify-watch "${@:2}"
    until_ok grep -q watching "$DIR/$1.err"
}

# Waits for the end of a watch and checks its exit status.
expect_end()  # NAME STATUS
{
    local status=0
    until_ok ended "$1"
    wait "$(cat "$DIR/$1.pid")" || status=$?
    rm "$DIR/$1.pid"
    cat "$DIR/$1.err" >&2
    ((status == $2)) || { echo "$1 ended with $status, not $2" >&2; return 1; }
}

# The messages in lines of JSON.
messages()
{
    python3 -c 'import json, sys
for line in sys.stdin: print(json.loads(line)["message"])' <"$1"
}

mint()  # USER: puts a uuidCookie into Redis, as the web app does; prints the uuid
{
    local uuid
    uuid=$(python3 -c 'import uuid; print(uuid.uuid4())')
    redis set "cookie-$uuid" "{\"userId\":\"$1\"}" EX 60 >/dev/null
    echo "$uuid"
}

# True if grep finds nothing; unlike "! grep" it also fails a test in its middle.
lacks() { if LC_ALL=C grep -e "$@"; then return 1; fi; }

# A web app that knows one browser's cookies; anybody else is nobody.
start_web_app()
{
    cat >"$DIR/web_app.py" <<'PY'
import http.server, json, sys
users = {"sessionid=abc; theme=dark": "12345"}
class app(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        user = users.get(self.headers.get("Cookie"))
        body = json.dumps({"ok": user is not None, "userId": user}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), app)
print("ready", flush=True)
server.serve_forever()
PY
    start_on_port web_app ready python3 "$DIR/web_app.py" PORT
    APP=$PORT
}
