#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# make run, with a gateway that only says how it was called.

bats_require_minimum_version 1.5.0

setup()
{
    cd "$BATS_TEST_TMPDIR"
    mkdir -p scripts build/release/bin
    printf '#!/bin/sh\n' >scripts/build
    printf '#!/bin/sh\necho "called: $*"\nexit "${CODE:-0}"\n' >build/release/bin/notify-gateway
    chmod +x scripts/build build/release/bin/notify-gateway
    unset MAKEFLAGS MAKELEVEL
}

make_run() { make --no-print-directory -f "$BATS_TEST_DIRNAME/../../Makefile" run "$@"; }

@test "make run that fails says how options are given to it, such as another port" {
    CODE=1 run -2 make_run
    [[ $output == *"make run ARGS='--port 3100'"* ]]
    run -0 make_run "ARGS=--port 3100"
    [[ $output == *"called: --dev --port 3100"* && $output != *ARGS* ]]
}
