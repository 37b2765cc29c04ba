#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# notify-send as scripts use it, against a real Redis.

bats_require_minimum_version 1.5.0
load ../support/tools
load ../support/redis

setup() { start_redis; cd "$BATS_TEST_TMPDIR"; }
teardown() { stop_redis; }

# published: how many PUBLISH commands Redis has seen.
published()
{
    redis info commandstats | sed -n 's/^cmdstat_publish:calls=\([0-9]*\),.*/\1/p' | grep . || echo 0
}

# rows COUNT: so many lines for --ndjson, to users 1, 2, 3 …
rows() { seq "$1" | sed 's/.*/{"user":&,"message":"to &"}/'; }

# crowd COUNT: as many rows take as long in a build with a sanitizer, which is ten times slower.
crowd() { grep -q __asan_init "$NOTIFY_BUILD_DIR/bin/notify-send" && echo $(($1 / 10)) || echo "$1"; }

# heard_file FILE: the last message heard is what FILE holds.
heard_file() { cmp <(tail -n 1 heard | head -c -1) "$1"; }

@test "--help begins with examples and names everything" {
    notify-send --help | expect_golden notify-send-help.txt
}

@test "wrong usage and wrong input are named, and nothing is sent" {
    printf '1\n\n2/3\n4\n' >users
    printf '\xff' >not-utf8
    printf '\x1e{}' >entry
    head -c 1048577 /dev/zero | tr '\0' x >too-long
    expect_session notify-send-errors.txt
    [ "$(published)" -eq 0 ]
}

@test "a live message reaches its user, and it is said how many subscriptions received it" {
    subscribe heard 12345 777
    run notify-send --live --user 12345 Hey
    [ "$status" -eq 0 ]
    [ "$output" = "12345: received by 1 subscription" ]
    until_ok grep -qx Hey heard
    grep -qx /app/user/12345/notifications heard
    [ "$(grep -c /app/user/777/notifications heard)" -eq 1 ]  # its confirmation only
    run notify-send --live --user 1 Hey
    [ "$status" -eq 0 ]
    [ "$output" = "1: sent, but nobody is subscribed" ]
}

# entry USER: the newest element of the user's log, without its position.
entry() { redis lindex "/app/user/$1/notifications" -1 | cut -d' ' -f2-; }

@test "a notification is stored and published in one step, and waits for who is away" {
    subscribe heard 12345
    run -0 notify-send --user 12345 Hey
    [[ $output =~ ^"12345: stored as "([0-9]{13}-1)", received by 1 subscription"$ ]]
    [ "$(entry 12345)" = '{"unread":1,"message":"Hey"}' ]
    until_ok grep -q "^.{\"id\":\"${BASH_REMATCH[1]}\",\"at\":[0-9]*,\"unread\":1,\"message\":\"Hey\"}$" heard
    run -0 notify-send --user 1 Hey
    [[ $output =~ ^"1: stored as "[0-9]{13}"-1, received by 0 subscriptions: it waits for the user"$ ]]
}

@test "a notification has fields, from options or from rows" {
    notify-send --user 1 --title 'A "b"' --level error --link /builds/7 --event build --key b7 \
        --data '{"a": [1]}' --ttl 10m 'It broke'
    [ "$(entry 1)" = '{"unread":1,"message":"It broke","title":"A \"b\"","level":"error","link":"/builds/7","event":"build","key":"b7","ttl":600,"data":{"a":[1]}}' ]
    notify-send --ndjson --title all <<'END'
{"user":2,"message":"a","level":"info","data":{"n":1},"ttl":5,"key":"k","id":"x"}
{"user":3,"message":"b","title":"own","link":"https://example.org/a?b=c","event":"e"}
END
    [ "$(entry 2)" = '{"unread":1,"message":"a","title":"all","level":"info","key":"k","ttl":5,"data":{"n":1}}' ]
    [ "$(entry 3)" = '{"unread":1,"message":"b","title":"own","link":"https://example.org/a?b=c","event":"e"}' ]
    run -0 notify-send --ndjson --json <<<'{"user":2,"message":"a","id":"x"}'
    [[ $output == *'"repeated":true'* ]]
}

@test "--id is stored once, --keep and --max-entries bound the log" {
    run -0 notify-send --user 1 --id order-1 --keep 60s Hey
    [ "$(redis ttl /app/user/1/notifications)" -ge 3650 ]
    [ "$(redis ttl /app/user/1/notifications)" -le 3660 ]
    run -0 notify-send --user 1 --id order-1 Hey
    [[ $output =~ ^"1: stored before as "[0-9]{13}"-1; not sent again"$ ]]
    [ "$(published)" -eq 1 ]
    for i in 2 3 4; do notify-send --user 1 --max-entries 2 "$i"; done
    [ "$(redis llen /app/user/1/notifications)" -eq 2 ]
    [ "$(entry 1)" = '{"unread":2,"message":"4"}' ]
}

@test "a hundred thousand rows are stored in seconds, in order, though Redis knows no script" {
    count=$(crowd 100000)
    seq "$count" | sed "s/.*/{\"user\":\"u\",\"message\":\"&\"}/" >input
    redis script flush
    TIMEFORMAT=%U
    { time notify-send --ndjson <input >out 2>err; } 2>seconds
    (($(cut -d. -f1 <seconds) < 30))
    [ "$(entry u)" = "{\"unread\":1000,\"message\":\"$count\"}" ]
    [[ $(redis lindex /app/user/u/notifications -1) == *"-$count-"* ]]
}

@test "who may not store is told what to grant, and may send live" {
    redis acl setuser web on '>pw' '&*' +publish
    NOTIFY_REDIS=redis://web:pw@127.0.0.1:$REDIS_PORT
    run -4 notify-send --user 1 Hey
    [[ $output == 'notify-send: Redis refused it: "NOPERM '*'; to store notifications takes ACL SETUSER web '* ]]
    run -0 notify-send --user 1 --live Hey
    for _ in commands keys; do
        run -4 notify-send --user 1 Hey
        read -ra rights <<<"${output##* takes ACL SETUSER web }"
        redis acl setuser web "${rights[@]}"
    done
    run -0 notify-send --user 1 --id a --key b Hey
}

@test "the functions are there for everybody after the first notify-send" {
    notify-send --user 1 Hey
    id=$(redis fcall notify_send 1 /app/user/1/notifications '{"message":"Ho"}' | head -n 1)
    [[ $id =~ ^[0-9]{13}-2$ ]]
    [ "$(entry 1)" = '{"unread":2,"message":"Ho"}' ]
}

@test "the message comes from stdin or a file too, without its last line feed" {
    subscribe heard 1
    echo "from stdin" | notify-send --live --user 1 -
    until_ok grep -qx "from stdin" heard
    [[ $(echo "from stdin" | notify-send --live --user 1 --dry-run -) == *"would send 10 bytes"* ]]
    [[ $(printf 'two\r\n' | notify-send --live --user 1 --dry-run -) == *"would send 3 bytes"* ]]
    printf 'from a file' >text
    notify-send --live --user 1 --file text
    until_ok grep -qx "from a file" heard
    notify-send --live --user 1 -- --dashes
    until_ok grep -qx -- --dashes heard
    notify-send --live --user 1 --json-body '{"a": [1]}'
    until_ok grep -qxF '{"a": [1]}' heard
}

@test "text that is piped in is the message, without being asked for" {
    [[ $(uptime | notify-send --user 1 --dry-run) == *"would send "[1-9]*" bytes"* ]]
    echo "from a pipe" >text
    [[ $(notify-send --user 1 --dry-run <text) == *"would send 11 bytes"* ]]
    echo >line-feed
    for nothing in /dev/null line-feed; do
        run -2 notify-send --user 1 <"$nothing"
        [[ $output == *"what shall be sent? Standard input is empty"* ]]
    done
    run -2 bash -c 'notify-send --user 1 <&-'
    [[ $output == *"what shall be sent?"* ]]
    # nobody is kept waiting at a terminal
    run timeout 20 script -qec "notify-send --user 1" /dev/null
    [ "$status" -eq 2 ]
    [[ $output == *"what shall be sent? Give a message, pipe one in"* ]]
}

@test "a byte order mark is no part of a user id, a row, a message or a password" {
    bom=$'\xef\xbb\xbf'
    printf '%s' "${bom}12345"$'\r\n67890\r\n' >users
    run -0 --separate-stderr notify-send --users-file users --dry-run --json Hey
    [[ ${lines[0]} == *'"user":"12345"'* ]]
    run -0 notify-send --ndjson --dry-run --json <<<"$bom"'{"user":1,"message":"Hey"}'
    [[ $output == *'"user":"1"'* ]]
    printf '%s' "$bom{}" >text
    [[ $(notify-send --user 1 --file text --json-body --dry-run) == *"would send 2 bytes"* ]]
    [[ $(notify-send --user 1 --dry-run <text) == *"would send 2 bytes"* ]]
    stop_redis
    start_redis --requirepass s3cret
    printf '%s' "$bom"s3cret$'\r\n' >password
    run -0 notify-send --user 1 --redis-password-file password Hey
}

@test "a row that names two users is refused" {
    run -2 notify-send --ndjson <<<'{"user":"1","user":"2","message":"Hey"}'
    [[ $output == *'row 1: two keys "user" in one object'* ]]
    run -2 notify-send --ndjson --json-body <<<'{"user":"1","message":{"a":1,"a":2}}'
    [[ $output == *'row 1: two keys "a" in one object'* ]]
    [ "$(published)" -eq 0 ]
}

@test "--skip-empty sends what is not empty and counts the rest" {
    run -0 notify-send --ndjson --skip-empty < <(rows 2; echo '{"user":3,"message":""}'; rows 1)
    [ "$output" = "3 messages sent: 0 received, 3 to users who are not online; 1 skipped, since it is empty" ]
    run -0 notify-send --user 1 --user 2 --skip-empty </dev/null
    [ "$output" = "0 messages sent; 2 skipped, since they are empty" ]
    [ "$(published)" -eq 3 ]
    # without it, a message that is empty on purpose is sent
    run -0 notify-send --user 1 ''
    [ "$(published)" -eq 4 ]
}

@test "a message of exactly a mebibyte is sent, bytes unchanged" {
    subscribe heard 1
    head -c 1048576 /dev/zero | tr '\0' x >text
    notify-send --live --user 1 --file text
    until_ok heard_file text
}

@test "--max-message is how long a message may be, from wherever it comes" {
    subscribe heard 1
    notify-send --live --user 1 --max-message 3 Hey
    until_ok grep -qx Hey heard
    for way in '--user 1 Heyo' '--user 1 --file long' '--user 1 -' --ndjson; do
        printf Heyo >long
        [[ $way != --ndjson ]] || printf '{"user":"1","message":"Heyo"}' >long
        # shellcheck disable=SC2086 # words
        run notify-send --live --max-message 3 $way <long
        [ "$status" -eq 2 ]
        [[ $output == *"the message has more than 3 bytes (--max-message)"* ]]
    done
    run notify-send --live --user 1 --max-message 0 Hey
    [ "$status" -eq 2 ]
    [[ $output == *"--max-message 0 is not between 1 and 33554432"* ]]
    head -c 2000000 /dev/zero | tr '\0' x >long
    notify-send --live --user 1 --max-message 2000000 --file long
    until_ok heard_file long
}

@test "each user gets it once, however often named" {
    printf '1\n2\r\n\n2\n' >users
    subscribe heard 1 2 3
    run notify-send --user 1 --user 3 --user 1 --users-file users Hey
    [ "$status" -eq 0 ]
    [ "$output" = "3 messages sent: 3 received, 0 to users who are not online" ]
    [ "$(published)" -eq 3 ]
    run notify-send --users-file - Hey <users
    [ "$output" = "2 messages sent: 2 received, 0 to users who are not online" ]
}

@test "--json is a line for each row, live or stored" {
    subscribe heard 1
    run --separate-stderr notify-send --live --user 1 --user 2 --json Hey
    [ "$output" = '{"row":1,"subscriptions":1,"user":"1"}
{"row":2,"subscriptions":0,"user":"2"}' ]
    [ "$stderr" = "notify-send: 2 messages sent: 1 received, 1 to users who are not online" ]

    run -0 --separate-stderr notify-send --user 1 --user 2 --id order-1 --json Hey
    position='"at":[0-9]{16},"id":"[0-9]{13}-1","row"'
    [[ ${lines[0]} =~ ^\{$position:1,\"subscriptions\":1,\"user\":\"1\"\}$ ]]
    [[ ${lines[1]} =~ ^\{$position:2,\"subscriptions\":0,\"user\":\"2\"\}$ ]]
    first=${lines[0]}
    run -0 --separate-stderr notify-send --user 1 --id order-1 --json Hey
    [ "$output" = "${first/\"subscriptions\":1/\"repeated\":true}" ] ||
        [ "$output" = "${first/,\"row\":1,\"subscriptions\":1/,\"repeated\":true,\"row\":1}" ]
}

@test "--require-online: 3 when nobody is subscribed, 7 when some are not" {
    subscribe heard 1
    run notify-send --user 1 --require-online Hey
    [ "$status" -eq 0 ]
    run notify-send --user 2 --require-online Hey
    [ "$status" -eq 3 ]
    run notify-send --user 1 --user 2 --require-online Hey
    [ "$status" -eq 7 ]
}

@test "--dry-run checks and says, and needs no Redis" {
    stop_redis
    run notify-send --user 12345 --dry-run Grüße
    [ "$status" -eq 0 ]
    [ "$output" = "12345: would send 7 bytes to /app/user/12345/notifications" ]
    run notify-send --user 1 --dry-run --json x
    [ "$output" = '{"bytes":1,"channel":"/app/user/1/notifications","dry_run":true,"row":1,"user":"1"}' ]
    run notify-send --ndjson --dry-run < <(rows 3)
    [ "$output" = "3 rows are right; nothing was sent" ]
}

@test "--ndjson sends a row each, text as text" {
    subscribe heard 1 a@b
    run notify-send --live --ndjson <<'END'
{"user":1,"message":"line\nfeed and \u00fc"}

{"message":"two","user":"a@b"}
END
    [ "$status" -eq 0 ]
    [ "$output" = "2 messages sent: 2 received, 0 to users who are not online" ]
    until_ok grep -qx two heard
    grep -qx "feed and ü" heard
    notify-send --live --ndjson --json-body <<<'{"user":1,"message":{"b":[1, 2],"a":"x"}}'
    until_ok grep -qxF '{"a":"x","b":[1,2]}' heard
}

@test "JSON with half a surrogate pair is sent: as it is, or as U+FFFD out of a row" {
    subscribe heard 1
    notify-send --live --user 1 --json-body '{"a":"\ud83d"}'
    until_ok grep -qxF '{"a":"\ud83d"}' heard
    notify-send --live --ndjson <<<'{"user":1,"message":"cut \ud83d"}'
    until_ok grep -qx 'cut �' heard
}

@test "one wrong row of --ndjson, and none is sent; the first ten are named" {
    { rows 3; yes '{"user":"x y","message":""}' | head -n 12; } >input
    run notify-send --ndjson <input
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 11 ]
    [[ ${lines[0]} == 'notify-send: row 4: the user id "x y" is refused'* ]]
    [ "${lines[10]}" = "notify-send: nothing was sent: 12 of the rows are not right" ]
    [ "$(published)" -eq 0 ]
}

@test "a hundred thousand rows to as many users take seconds" {
    count=$(crowd 100000)
    rows "$count" >input
    TIMEFORMAT=%U  # of the processor, whoever else uses it
    { time notify-send --live --ndjson --json <input >out 2>err; } 2>seconds
    (($(cut -d. -f1 <seconds) < 20))  # 1 in a release build; a sanitizer is slow
    [ "$(wc -l <out)" -eq "$count" ]
    [ "$(tail -n 1 out)" = "{\"row\":$count,\"subscriptions\":0,\"user\":\"$count\"}" ]
    [ "$(published)" -eq "$count" ]
}

@test "a reader that goes away stops the lines, not the sending" {
    rows 20000 | notify-send --live --ndjson --json 2>/dev/null | head -n 1 >first
    [ "$(cat first)" = '{"row":1,"subscriptions":0,"user":"1"}' ]
    [ "$(published)" -eq 20000 ]
}

@test "when Redis goes away midway, it is said which rows went and which did not" {
    count=$(crowd 300000)
    rows "$count" >input
    (until [[ $(published) -gt 0 ]]; do :; done; kill -KILL "$REDIS_PID") 3>&- &
    status=0
    notify-send --ndjson --json <input >out 2>err || status=$?
    [ "$status" -eq 7 ]
    [ "$(wc -l <out)" -eq "$count" ]
    [[ $(head -n 1 out) == *'"subscriptions":0'* ]]
    [[ $(tail -n 1 out) == '{"error":"not sent: '*"\"row\":$count,\"user\":\"$count\"}" ]]
    grep -q "perhaps sent; from row .* on nothing was" err
    grep -q '"error":"perhaps sent: ' out
}

# interrupted_by SIGNAL: runs notify-send with many rows and interrupts it midway. Sets status.
interrupted_by()
{
    rows "$(crowd 300000)" >input
    # a shell starts its background jobs deaf to SIGINT
    env --default-signal=INT notify-send --ndjson <input >out 2>err 3>&- &
    pid=$!
    until [[ $(published) -gt 0 ]]; do :; done
    kill "-$1" "$pid"
    status=0
    wait "$pid" || status=$?
}

@test "Ctrl-C and SIGTERM say how far it came, and nothing of memory" {
    for signal in INT:130 TERM:143; do
        interrupted_by "${signal%:*}"
        [ "$status" -eq "${signal#*:}" ]
        shape='^notify-send: interrupted(; [0-9]+ messages? from row ([0-9]+) on (was|were) perhaps sent)?'
        shape+='; from row ([0-9]+) on nothing was$'
        [[ $(cat err) =~ $shape ]] || { cat err; false; }
        sent=$(sed -En 's/^([0-9]+) messages sent: .*/\1/p' out)
        # in order: those that are sent, those that perhaps are, the rest
        [ "${BASH_REMATCH[2]:-${BASH_REMATCH[4]}}" -eq $((sent + 1)) ]
        # Redis has seen what was sent, and nothing beyond "perhaps"
        count=$(published)
        redis config resetstat >/dev/null
        ((count >= sent && count < BASH_REMATCH[4]))
    done
}

@test "Ctrl-C before anything was sent ends it at once" {
    mkfifo input
    env --default-signal=INT notify-send --user 1 --file input 3>&- &
    pid=$!
    exec 4>input  # it is reading now
    kill -INT "$pid"
    status=0
    wait "$pid" || status=$?
    [ "$status" -eq 130 ]
    [ "$(published)" -eq 0 ]
}

@test "who starts it deaf to Ctrl-C has reasons" {
    count=$(crowd 300000)
    rows "$count" >input
    notify-send --ndjson <input >out 2>err 3>&- &
    pid=$!
    until [[ $(published) -gt 0 ]]; do :; done
    kill -INT "$pid"
    wait "$pid"
    [ "$(published)" -eq "$count" ]
}

@test "what Redis refuses is a failure with its reason" {
    redis acl setuser reader on '>pw' '~*' '&*' +ping
    NOTIFY_REDIS=redis://reader:pw@127.0.0.1:$REDIS_PORT run notify-send --live --user 1 Hey
    [ "$status" -eq 1 ]
    [[ $output == 'notify-send: Redis refused it: "NOPERM '* ]]
}

@test "a Redis that is not there is said with 5, over a unix socket as well" {
    run notify-send --redis "unix://$PWD/redis.sock" --user 1 Hey
    [ "$status" -eq 0 ]
    stop_redis
    run notify-send --user 1 Hey
    [ "$status" -eq 5 ]
    [ "$output" = "notify-send: Redis: cannot connect to 127.0.0.1:$REDIS_PORT: Connection refused (--redis says which Redis)" ]
}

@test "a password file is read" {
    stop_redis
    start_redis --requirepass s3cret
    printf 's3cret\n' >password
    run notify-send --user 1 --redis-password-file password Hey
    [ "$status" -eq 0 ]
    printf 'wrong\n' >password
    run notify-send --user 1 --redis-password-file password Hey
    [ "$status" -eq 5 ]
    [[ $output == *"wrong password for Redis"* ]]
}
