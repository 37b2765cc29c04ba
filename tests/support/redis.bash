# SPDX-License-Identifier: MIT
#
# A real redis-server of the test's own.

# start_redis [OPTION…]: starts one on a free port and waits until it answers. Sets REDIS_PORT,
# REDIS_PID and, for the tools, NOTIFY_REDIS. REQUIRES: stop_redis in teardown.
start_redis()
{
    local tries
    REDIS_DIR=${REDIS_DIR:-$BATS_TEST_TMPDIR}
    for tries in {1..20}; do
        # below the ports that the kernel gives to outgoing connections
        REDIS_PORT=$((20000 + RANDOM % 12000))
        launch_redis "$@"
        until_ok redis_answers_or_ended
        kill -0 "$REDIS_PID" 2>/dev/null && break
    done
    export NOTIFY_REDIS=redis://127.0.0.1:$REDIS_PORT
}

# launch_redis [OPTION…]: on REDIS_PORT, again.
launch_redis()
{
    redis-server --bind 127.0.0.1 --port "$REDIS_PORT" --save '' --dir "$REDIS_DIR" \
        --unixsocket "$REDIS_DIR/redis.sock" "$@" >"$REDIS_DIR/redis.log" 2>&1 </dev/null 3>&- &
    REDIS_PID=$!
}

# Asked over its own socket: somebody else may have the port.
redis_answers_or_ended()
{
    ! kill -0 "$REDIS_PID" || [[ $(redis PING) == *PONG* || $(redis PING) == *NOAUTH* ]]
}

stop_redis()
{
    [[ -n ${REDIS_PID:-} ]] || return 0
    kill -KILL "$REDIS_PID" && wait "$REDIS_PID" || true
    REDIS_PID=
} 2>/dev/null

# redis COMMAND…: asks it.
redis() { redis-cli -s "$REDIS_DIR/redis.sock" "$@"; }

# subscribe FILE USER…: listens to these users in the background; redis-cli writes what arrives to
# FILE, a line for each: "message", the channel, the text. Ends with Redis.
subscribe()
{
    local file=$1 user channels=()
    shift
    for user; do channels+=("/app/user/$user/notifications"); done
    redis subscribe "${channels[@]}" >"$file" 2>&1 </dev/null 3>&- &
    until_ok is_subscribed "${channels[-1]}"
}

is_subscribed() { [[ $(redis pubsub numsub "$1" | tail -n 1) -gt 0 ]]; }
