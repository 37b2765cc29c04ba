#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What README.md tells publishers to write, run as it stands there.

bats_require_minimum_version 1.5.0
load ../support/tools
load ../support/redis

# The functions are there as soon as notify-send has seen the Redis.
setup()
{
    start_redis
    notify-send --user 1 Hey
    README=$BATS_TEST_DIRNAME/../../README.md
    cd "$BATS_TEST_TMPDIR"
}
teardown() { stop_redis; }

# entry: the newest element of the log of user 12345, without its position.
entry() { redis lindex /app/user/12345/notifications -1 | cut -d' ' -f2-; }

@test "README: redis-cli stores a notification by one FCALL" {
    command=$(sed -n 's/^ *\(redis-cli FCALL .*\)/\1/p' "$README")
    [ -n "$command" ]
    run -0 bash -c "redis-cli() { command redis-cli -p $REDIS_PORT \"\$@\"; }; $command"
    [[ ${lines[0]} =~ ^[0-9]{13}-1$ ]]
    [ "$(entry)" = '{"unread":1,"message":"Hey"}' ]
}

@test "README: Python stores a notification by one call" {
    /usr/bin/python3 -c 'import redis' || skip "needs python3-redis"
    sed -n '/^ *import json, redis/,/```/p' "$README" | sed 's/^   //; /```/d' >send.py
    [ "$(grep -c 6379 send.py)" -eq 1 ]
    sed -i "s/6379/$REDIS_PORT/" send.py
    run -0 /usr/bin/python3 send.py
    [[ $output =~ ^"['"[0-9]{13}"-1', 0, '"[0-9]{16}"']"$ ]]
    [ "$(entry)" = '{"unread":1,"message": "Hey"}' ]
}
