#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What notify-watch shows of stored notifications, and how it goes on after crashes: of itself, of
# the gateway, of the log. Each test has a user of its own, whose log is there until the end.

bats_require_minimum_version 1.5.0

load ../support/tools
load ../support/redis
load ../support/watch

LUA=$BATS_TEST_DIRNAME/../../core/redis/lua

log_of() { echo "/app/user/$1/notifications"; }

# store USER TEXT…: each is a notification.
store()
{
    local user=$1 text
    shift
    for text; do store_object "$user" "{\"message\":\"$text\"}"; done
}

# Prints the id that it has got.
store_object()  # USER JSON
{
    redis --eval "$LUA/send.lua" "$(log_of "$1")" , "$2" | head -n 1
}

# Three entries of 2024, as the script would have stored them.
forge_log()  # USER
{
    redis rpush "$(log_of "$1")" \
        '1714581000000-1-1714581000000000 {"unread":1,"message":"one"}' \
        '1714581000000-2-1714581005120000 {"unread":2,"message":"two","title":"News","level":"warning","link":"/x?a=1&b"}' \
        '1714581000000-3-1714667405000000 {"unread":3,"message":"Gr\u00fc\u00dfe","data":{"n":[1]},"event":"mail","time":"never"}' \
        >/dev/null
}

# The messages of all that is stored for a user, by --history.
history_of() { notify-watch --user "$@" --history | messages /dev/stdin; }

setup_file()
{
    export REDIS_DIR=$BATS_FILE_TMPDIR FILE_REDIS FILE_URL
    DIR=$BATS_FILE_TMPDIR
    start_redis
    start_gateway gateway
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

# --- --since ------------------------------------------------------------------------------------

@test "--since begins at a time, an id, a position, the oldest or the end" {
    forge_log since
    store since four
    diff <(history_of since --since all) <(printf '%s\n' one two Grüße four)
    diff <(history_of since --since 36500d) <(printf '%s\n' one two Grüße four)
    diff <(history_of since --since 1714581000000-2) <(printf '%s\n' Grüße four)
    diff <(history_of since --since 1714581000000-2-1714581005120000) <(printf '%s\n' Grüße four)
    diff <(history_of since --since 10m) <(printf '%s\n' four)
    diff <(history_of since --since latest) /dev/null
}

@test "--since shows what is stored before what comes, each once and in order" {
    store both one two
    start_watch w --user both --since all --count 4
    store both three
    publish both live
    expect_end w 0
    diff <(messages w.out) <(printf '%s\n' one two three live)
    [ "$(cat w.err)" = "notify-watch: watching user both at $NOTIFY_URL" ]
}

@test "--count ends it within what is stored" {
    store counted one two three
    diff <(notify-watch --user counted --since all --count 2 | messages /dev/stdin) \
        <(printf '%s\n' one two)
}

@test "without --since only what comes is shown, with the fields of what is stored" {
    store now before
    start_watch w --user now --count 2
    local id
    id=$(store_object now '{"message":"Hey","title":"News","data":{"n":[1]}}')
    publish now live
    expect_end w 0
    sed -E 's/"time":"[^"]*"/"time":"TIME"/; s/"at":[0-9]{16}/"at":AT/' w.out |
        diff - <(echo '{"time":"TIME","user":"now","message":"Hey","id":"'"$id"'","at":AT,"unread":2,"data":{"n":[1]},"title":"News"}'
            echo '{"time":"TIME","user":"now","message":"live"}')
}

# --- --history ----------------------------------------------------------------------------------

@test "--history prints what is stored as one line of JSON each, and exits with 0" {
    forge_log golden
    notify-watch --user golden --history >out 2>err
    [ ! -s err ]
    sed -E 's/"time":"20[0-9-]{8}T[0-9:]{8}\.[0-9]{3}Z"/"time":"TIME"/' out |
        expect_golden notify-watch-history.txt
}

@test "a terminal gets level, title and link with the text, and the time of the sending" {
    forge_log terminal
    redis rpush "$(log_of terminal)" "1714581000000-4-$(date +%s%6N)"' {"unread":4,"message":"a\u001b[31m\u202e","title":"b\n","level":"c\u0007","link":"d\u009b"}' >/dev/null
    script -qec "TZ=UTC notify-watch --user terminal --history" /dev/null >out
    tr -d '\r' <out | sed -E 's/^[0-9]{2}:[0-9]{2}:[0-9]{2}  /NOW  /' >shown
    diff -u - shown <<'TEXT'
2024-05-01 16:30:00  one
2024-05-01 16:30:05  [warning] News: two </x?a=1&b>
2024-05-02 16:30:05  Grüße
NOW  [c\x07] b\n: a\e[31m\xe2\x80\xae <d\xc2\x9b>
TEXT
}

@test "--history of a user to whom nothing was sent is empty" {
    run -0 notify-watch --user nobody --history
    [ "$output" = "" ]
}

@test "many stored notifications come whole and in order" {
    local sha
    sha=$(redis script load "$(cat "$LUA/send.lua")")
    seq -f "EVALSHA $sha 1 $(log_of many) '{\"message\":\"%g\"}'" 900 | redis >/dev/null
    diff <(history_of many) <(seq 900)
}

@test "a gateway that may not read the logs is said to be one: 1 for --history" {
    redis acl setuser poor on nopass '~*' '&*' +@all -eval -evalsha -fcall >/dev/null
    start_gateway other --redis "redis://poor:any@127.0.0.1:${FILE_REDIS##*:}"
    store poor one
    run -1 notify-watch --user poor --history
    [[ $output == *"$NOTIFY_URL does not say what is stored: it is older than this program, or may not run its scripts in Redis" ]]
    start_watch w --user poor --since all --count 1
    grep -q "does not say what is stored" w.err
    publish poor live
    expect_end w 0
    diff <(grep -v '"gap":true' w.out | messages /dev/stdin) <(echo live)
}

# --- --resume -----------------------------------------------------------------------------------

@test "--resume begins now without a file, and goes on where the last run ended" {
    store resume before
    start_watch w --user resume --resume shown --count 1
    store resume one
    expect_end w 0
    diff <(messages w.out) <(echo one)
    store resume two three
    notify-watch --user resume --resume shown --count 1 >second 2>/dev/null
    diff <(messages second) <(echo two)
    diff <(history_of resume --resume shown) <(echo three)
    diff <(history_of resume --resume shown) /dev/null
    grep -Eqx '[0-9]{13}-4-[0-9]{16}' shown
}

@test "--resume keeps where it begins, also if nothing is sent" {
    start_watch w --user begins --resume shown
    stop w
    grep -Eqx '[0-9]{13}-0-[0-9]{16}' shown
    store begins one
    diff <(history_of begins --resume shown) <(echo one)
}

@test "--since says where the first run of --resume begins" {
    store first one two
    diff <(history_of first --since all --resume shown) <(printf '%s\n' one two)
    store first three
    diff <(history_of first --since all --resume shown) <(echo three)
}

@test "a watch that is killed goes on where it was: nothing is lost, nothing twice" {
    local i
    for i in 1 2 3; do
        start_watch w --user killed --resume shown
        store killed "$i a" "$i b"
        until_ok grep -q "$i b" w.out
        # It is shown before it is kept.
        until_ok grep -q -e "-$((i * 3 - 1))-" shown
        stop w
        store killed "$i c"
        cat w.out >>all
    done
    notify-watch --user killed --history --resume shown >>all
    diff <(messages all) <(printf '%s\n' '1 a' '1 b' '1 c' '2 a' '2 b' '2 c' '3 a' '3 b' '3 c')
}

@test "two watches cannot keep their positions in one file" {
    start_watch w --user locked --resume shown
    run -2 notify-watch --user locked --resume shown
    [[ $output == *'--resume: "'*'shown" belongs to another notify-watch that runs: give each a file of its own' ]]
    stop w
    run -0 notify-watch --user locked --resume shown --history
}

@test "a file that cannot be written any more ends the watch with 1" {
    start_watch w --user full --resume shown
    mkdir shown.new
    store full one
    expect_end w 1
    grep -q 'resume: cannot write ".*shown": Is a directory' w.err
    diff <(messages w.out) <(echo one)
}

# --- across losses ------------------------------------------------------------------------------

@test "what is stored while the gateway is away is shown when it is back" {
    start_gateway mortal
    start_watch w --user away --count 4
    store away one
    until_ok grep -q one w.out
    stop mortal
    until_ok grep -q "connection lost" w.err
    store away two three
    publish away "sent live"
    restart_gateway mortal
    until_ok grep -q "back; what was sent live meanwhile is not shown" w.err
    store away four
    expect_end w 0
    diff <(messages w.out) <(printf '%s\n' one two three four)
}

@test "a watch that had nothing yet has what came while the gateway was away" {
    start_gateway mortal
    start_watch w --user fresh --count 1
    stop mortal
    until_ok grep -q "connection lost" w.err
    store fresh one
    restart_gateway mortal
    expect_end w 0
    diff <(messages w.out) <(echo one)
}

@test "a gap is said on stderr, also with --quiet, and as a line of JSON" {
    start_gateway mortal
    start w notify-watch --user gap --count 2 --quiet --resume shown
    until_ok test -e shown
    store gap one
    until_ok grep -q one w.out
    stop mortal
    store gap two
    redis del "$(log_of gap)" >/dev/null
    store gap three
    restart_gateway mortal
    expect_end w 0
    sed -E 's/"time":"[^"]*"/"time":"TIME"/; s/,"id".*/}/' w.out | diff - <(
        echo '{"time":"TIME","user":"gap","message":"one"}'
        echo '{"time":"TIME","user":"gap","gap":true}'
        echo '{"time":"TIME","user":"gap","message":"three"}')
    [ "$(cat w.err)" = "notify-watch: notifications may be missing here: they are not stored any more, or cannot be read" ]
}

@test "a position that is not stored any more is a gap, and what is there is shown" {
    store trimmed one two
    history_of trimmed --resume shown --since all >/dev/null
    redis del "$(log_of trimmed)" >/dev/null
    store trimmed three
    notify-watch --user trimmed --resume shown --history >out 2>err
    grep -q '"gap":true' out
    diff <(grep -v gap out | messages /dev/stdin) <(echo three)
    grep -q "notifications may be missing" err
    diff <(history_of trimmed --resume shown) /dev/null
}

# --- --exec -------------------------------------------------------------------------------------

@test "--exec gets what is known of a notification in its environment" {
    export NOTIFY_TITLE=inherited NOTIFY_LEVEL=inherited
    forge_log exec
    notify-watch --user exec --history --exec 'printf "%s|" "$(cat)" "$NOTIFY_ID" "$NOTIFY_AT" \
        "$NOTIFY_UNREAD" "${NOTIFY_TITLE-none}" "${NOTIFY_LEVEL-none}" "${NOTIFY_LINK-none}" >>got
        echo >>got' >/dev/null
    diff -u - got <<'TEXT'
one|1714581000000-1|2024-05-01T16:30:00.000Z|1|none|none|none|
two|1714581000000-2|2024-05-01T16:30:05.120Z|2|News|warning|/x?a=1&b|
Grüße|1714581000000-3|2024-05-02T16:30:05.000Z|3|none|none|none|
TEXT
}

@test "no title keeps a command from being run" {
    python3 -c 'import json; print(json.dumps({"message": "m", "title": "\u00fc" * 100000, "link": "a\0b"}))' >object
    redis -x eval "$(cat "$LUA/send.lua")" 1 "$(log_of long)" <object >/dev/null
    notify-watch --user long --history \
        --exec 'printf %s "$NOTIFY_TITLE" | wc -c >>got; echo "$NOTIFY_LINK" >>got' >/dev/null
    diff got <(printf '%s\n' 8192 a)
}
