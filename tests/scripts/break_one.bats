#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# scripts/break-one says "seen" only for a fault that a test noticed, and leaves nothing broken.
# Here it has a small tree whose "build" copies a file, and tests that look at the copy.

bats_require_minimum_version 1.5.0

setup()
{
    unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
    cd "$BATS_TEST_TMPDIR"
    mkdir -p scripts core/room tools tests/breaks tests/node
    cp "$BATS_TEST_DIRNAME/../../scripts/break-one" scripts/
    printf '#!/bin/sh\n' >scripts/deps
    cat >scripts/build <<'EOF'
#!/bin/sh
! grep -n 'syntax error' core/*/greeting.cpp || exit 1
mkdir -p build/dev/bin
cat core/*/greeting.cpp >build/dev/greeting
cp tests/notify_tests build/dev/bin/
EOF
    cat >tests/notify_tests <<'EOF'
#!/bin/sh
case $1 in
'it greets') grep hello "$NOTIFY_BUILD_DIR/greeting" ;;
'it is there') test -s "$NOTIFY_BUILD_DIR/greeting" ;;
'it waits') grep hello "$NOTIFY_BUILD_DIR/greeting" || { touch "$NOTIFY_BUILD_DIR/hangs"; sleep 60; } ;;
'it fails') false ;;
*) echo 'No tests ran' ;;
esac
EOF
    chmod +x scripts/* tests/notify_tests
    echo 'hello, world' >core/room/greeting.cpp
    echo '/build/' >.gitignore
    git init --quiet
    a_break silent hello silence 'it greets'
}

# a_break NAME OLD NEW TEST: one more in the list.
a_break()
{
    cat >>tests/breaks/list.toml <<EOF
[$1]
breaks = "It says $3."
file = "greeting.cpp"
old = "$2"
new = "$3"
seen_by = ["${KIND:-unit}", "$4"]
EOF
}

# ends STATUS LINE ARGUMENT…: a run with the arguments ends so, and nothing is broken.
ends()
{
    run scripts/break-one "${@:3}"
    echo "$output"
    [ "$status" -eq "$1" ]
    [ "${lines[-1]}" = "$2" ]
    grep -qx 'hello, world' core/*/greeting.cpp
    diff -r core build/breaks/tree/core
}

@test "a break that its test notices is seen" {
    ends 0 '1 of 1 seen'
    [[ $output == *'silent  seen '*'it greets'* ]]
}

@test "a break that its test does not notice is not seen" {
    a_break rude hello 'goodbye' 'it is there'
    ends 1 '1 of 2 seen'
    [[ $output == *'rude    NOT SEEN '* ]]
    [[ $output == *'It says goodbye. And this passes all the same: it is there'* ]]
    ends 1 '0 of 1 seen' rude
    ends 0 '1 of 1 seen' silent
}

@test "a break follows its file to another folder, and changes in the sources" {
    ends 0 '1 of 1 seen'
    mkdir core/other
    mv core/room/greeting.cpp core/other/
    rmdir core/room
    run scripts/break-one
    [ "$status" -eq 0 ]
    [ ! -e build/breaks/tree/core/room/greeting.cpp ]
}

@test "a break whose text or file is not there exactly once no longer applies" {
    a_break gone 'good morning' x 'it greets'
    ends 1 '1 of 2 seen'
    [[ $output == *'gone: no longer applies: its old text stands in greeting.cpp 0 times, not once'* ]]
    a_break often o x 'it greets'
    ends 1 '0 of 1 seen' often
    [[ $output == *'often: no longer applies: its old text stands in greeting.cpp 2 times, not once'* ]]
    cp core/room/greeting.cpp tools/
    run -1 scripts/break-one silent
    [[ $output == *'silent: no longer applies: 2 files are named greeting.cpp, not one'* ]]
}

@test "a break that does not compile is not seen" {
    a_break bad hello 'syntax error' 'it greets'
    ends 1 '1 of 2 seen'
    [[ $output == *'bad: does not compile:'*'1:syntax error, world'* ]]
}

@test "a test that fails unbroken, or runs nothing, proves nothing" {
    a_break weak hello x 'it fails'
    a_break empty hello x 'it does nothing'
    KIND=node a_break nowhere hello x 'nowhere.test.mjs'
    ends 1 '1 of 4 seen'
    [[ $output == *'weak: proves nothing: unbroken, its test fails; see build/breaks/logs/weak.whole.log'* ]]
    [[ $output == *'empty: proves nothing: unbroken, its test finds nothing to run'* ]]
    [[ $output == *'nowhere: no longer applies: 0 files are named nowhere.test.mjs, not one'* ]]
}

@test "Node and bats may see it, in a file or in some of its tests" {
    cat >tests/node/greeting.test.mjs <<'EOF'
import { readFileSync } from "node:fs";
import test from "node:test";
const text = readFileSync(`${process.env.NOTIFY_BUILD_DIR}/greeting`, "utf8");
test("hello", () => { if (!text.includes("hello")) throw new Error(text); });
test("nothing", () => {});
EOF
    echo '@test "hello" { grep hello "$NOTIFY_BUILD_DIR/greeting"; }' >tests/greeting.bats
    echo '@test "nothing" { :; }' >>tests/greeting.bats
    local kind file
    for kind in node bats; do
        file=greeting.$kind
        [[ $kind == bats ]] || file=greeting.test.mjs
        KIND=$kind a_break "$kind" hello x "$file"
        KIND=$kind a_break "$kind-some" hello x "$file\", \"hel"
        KIND=$kind a_break "$kind-other" hello x "$file\", \"nothing"
        KIND=$kind a_break "$kind-none" hello x "$file\", \"nobody"
    done
    ends 1 '5 of 9 seen'
    for kind in node bats; do
        [[ $output == *"$kind-other: NOT SEEN"* ]]
        [[ $output == *"$kind-none: proves nothing: unbroken, its test finds nothing to run"* ]]
    done
}

@test "when it is interrupted, what it started ends and nothing is left broken" {
    a_break slow hello x 'it waits'
    scripts/break-one slow 3>&- &
    local script=$! status=0 i
    for ((i = 0; i < 300; ++i)); do
        [[ ! -e build/breaks/tree/build/dev/hangs ]] || break
        sleep 0.1
    done
    grep -q x build/breaks/tree/core/room/greeting.cpp
    kill -TERM "$script"
    wait "$script" || status=$?
    [ "$status" -eq 143 ]
    diff -r core build/breaks/tree/core
    ends 0 '1 of 1 seen' silent
}

@test "when it is killed, the next run begins with what is whole" {
    ends 0 '1 of 1 seen'
    echo silence >build/breaks/tree/core/room/greeting.cpp
    ends 0 '1 of 1 seen'
}

@test "two at a time would break each other's copy" {
    mkdir -p build/breaks
    exec 9>build/breaks/lock
    flock 9
    run -1 scripts/break-one 9>&-
    [[ $output == *'another run has build/breaks; wait for it to end' ]]
}

@test "what does not build unbroken is said" {
    echo 'syntax error' >core/room/greeting.cpp
    run -1 scripts/break-one
    [[ $output == *'what is not broken does not build:'* ]]
}

@test "--list and --help say what there is" {
    run -0 scripts/break-one --list
    [ "$output" = 'silent  It says silence.' ]
    run -0 scripts/break-one --help
    [[ $output == *'scripts/break-one ack-id '* && $output != *'#'* && $output != *import* ]]
}

@test "wrong usage, and a list that cannot be read, end with 2" {
    run -2 scripts/break-one --lsit
    [[ $output == *"unknown option '--lsit'; see scripts/break-one --help" ]]
    run -2 scripts/break-one loud
    [[ $output == *"no break is named 'loud'; scripts/break-one --list names them all" ]]
    a_break more hello x 'it greets", "it'
    run -2 scripts/break-one
    [[ $output == *'tests/breaks/list.toml: more: seen_by is ["unit", TEST]'* ]]
    printf '[short]\nfile = "greeting.cpp"\n' >tests/breaks/list.toml
    run -2 scripts/break-one
    [[ $output == *'list.toml: short has to have breaks, file, new, old, seen_by, and nothing else' ]]
    echo nonsense >tests/breaks/list.toml
    run -2 scripts/break-one
    rm tests/breaks/list.toml
    run -2 scripts/break-one
    [[ $output == *'tests/breaks lists no break'* ]]
}
