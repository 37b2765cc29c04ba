#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# scripts/try-distribution with stand-ins for what gets a distribution and enters it.

setup()
{
    cd "$BATS_TEST_TMPDIR"
    mkdir -p checkout/scripts bin
    cp "$BATS_TEST_DIRNAME/../../scripts/try-distribution" checkout/scripts/
    git -C checkout init --quiet
    git -C checkout add .
    git -C checkout -c user.name=t -c user.email=t@example.org commit --quiet -m first
    export NOTIFY_DISTRIBUTIONS=$PWD/kept PATH=$PWD/bin:$PATH
    root=$NOTIFY_DISTRIBUTIONS/trixie

    stand_in id 'echo 0'
    stand_in apt-get 'printf "%s\n" "http://mirror.example/debian/ bookworm" \
        "http://mirror.example/security/ bookworm-security" "http://mirror.example/debian/ bookworm-backports"'
    stand_in apt-config 'printf "%s\n" "Acquire::http::Proxy \"http://proxy.example\";" "APT::Architecture \"x\";"'
    stand_in npm 'case $3 in registry) echo http://npm.example/;; *) echo null;; esac'
    stand_in debootstrap 'mkdir -p "$3"/etc/apt/apt.conf.d "$3"/etc/dpkg/dpkg.cfg.d "$3"/root; echo 13.0 >"$3"/etc/debian_version'
    # What would run in the distribution ends with 0, but for steps that hold the word "fail".
    stand_in unshare 'case ${@: -1} in *fail*) echo as told; exit 3;; esac'
}

stand_in()  # COMMAND SCRIPT
{
    printf '#!/bin/bash\necho "%s $*" >>"%s/calls"\n%s\n' "$1" "$PWD" "$2" >"bin/$1"
    chmod +x "bin/$1"
}

try() { checkout/scripts/try-distribution "$@"; }

@test "it needs the name of a distribution that it knows" {
    run try
    [ "$status" -eq 2 ]
    [[ "$output" == *"which distribution?"* ]]
    run try noble
    [ "$status" -eq 2 ]
    [[ "$output" == *"unknown distribution 'noble'"* ]]
    run try --new trixie
    [ "$status" -eq 2 ]
    [[ "$output" == *"unknown option '--new'"* ]]
    [ ! -e kept ]
}

@test "it needs root" {
    stand_in id 'echo 1000'
    run try trixie
    [ "$status" -eq 1 ]
    [[ "$output" == *"not root"*"sudo scripts/try-distribution trixie"* ]]
}

@test "a distribution comes from where this machine's apt gets Debian" {
    run try trixie true
    echo "$output"
    [ "$status" -eq 0 ]
    grep -qx "debootstrap --variant=minbase trixie $root http://mirror.example/debian/" calls
    [ "$(cat "$root/etc/apt/sources.list")" = 'deb http://mirror.example/debian/ trixie main
deb http://mirror.example/security/ trixie-security main' ]
    [ "$(cat "$root/etc/apt/apt.conf.d/99this-machine")" = 'Acquire::http::Proxy "http://proxy.example";' ]
    [ "$(cat "$root/root/.npmrc")" = 'registry=http://npm.example/' ]
}

@test "it holds a clean clone of the last commit" {
    echo more >checkout/more
    run try trixie true
    [[ "$output" == *"what is not committed is left out"* ]]
    [ -e "$root/root/notify/scripts/try-distribution" ]
    [ ! -e "$root/root/notify/more" ]
}

@test "a distribution is kept for the next run, and made anew when asked" {
    try trixie true
    touch "$root/here"
    try trixie true
    [ -e "$root/here" ]
    try --anew trixie true
    [ ! -e "$root/here" ]
    [ "$(grep -c ^debootstrap calls)" -eq 2 ]
}

@test "one that could not be got in whole is no distribution" {
    stand_in debootstrap 'mkdir -p "$3"; echo "no such mirror"; exit 1'
    run try trixie
    echo "$output"
    [ "$status" -eq 1 ]
    [[ "$output" == *"no such mirror"* ]]
    run try trixie
    [ "$(grep -c ^debootstrap calls)" -eq 2 ]
}

@test "the last line says how each step went, and a failed one does not stop the rest" {
    run try trixie true 'echo fail' site
    echo "$output"
    [ "$status" -eq 1 ]
    [[ "${lines[-1]}" =~ "on Debian 13.0 (trixie): true passed (0 min ".*"echo fail FAILED with 3".*"site passed" ]]
    grep -qx 'as told' "$NOTIFY_DISTRIBUTIONS/trixie.2.log"
    run try trixie true
    [ "$status" -eq 0 ]
}

@test "unless told, the steps are the demo, the tests and the site" {
    run try trixie
    [[ "${lines[-1]}" =~ "demo passed".*"test passed".*"site passed" ]]
}

@test "without a list of Debian's archive it says what to do" {
    stand_in apt-get :
    run try trixie
    echo "$output"
    [ "$status" -eq 1 ]
    [[ "$output" == *"apt-get update"* ]]
}
