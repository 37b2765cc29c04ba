#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# scripts/test says "passed" only for tests that were run and passed. Here it counts those of a
# small tree whose outcome is known.

setup()
{
    cd "$BATS_TEST_TMPDIR"
    mkdir -p scripts tests/node build bench/instructions examples/django
    cp "$BATS_TEST_DIRNAME/../../scripts/test" scripts/
    printf '#!/bin/sh\n' | tee scripts/deps scripts/check-layers bench/instructions/main.mjs >/dev/null
    chmod +x scripts/* bench/instructions/*
    export NOTIFY_BUILD_DIR=$PWD/build
    echo 'add_test(good true)' >build/CTestTestfile.cmake
    echo '@test "good" { true; }' >tests/shards.bats
    printf '%s\n' "import test from 'node:test';" "test('good', () => {});" >tests/node/good.test.mjs
    # As Django's, it takes "test" and options of unittest's.
    cat >examples/django/manage.py <<'END'
import sys, unittest
class Tests(unittest.TestCase):
    def test_good(self): pass
# more
unittest.main(argv=sys.argv[:1] + sys.argv[2:])
END
}

# django_test CODE…: more tests of Django's, a line each.
django_test() { sed -i "s/^# more/$(printf '    %s\\n' "$@")&/" examples/django/manage.py; }

# ends STATUS LINE: a run of scripts/test with the other arguments ends so.
ends()
{
    run scripts/test "${@:3}"
    echo "$output"
    [ "$status" -eq "$1" ]
    [ "${lines[-1]}" = "$2" ]
}

@test "each runner's tests are counted, in each build" {
    ends 0 '9 passed, 0 failed'  # layers, Django, budgets, two runners twice, one once, one test of shards
}

@test "one part alone" {
    ends 0 '1 passed, 0 failed' unit
    ends 0 '1 passed, 0 failed' bats
    ends 0 '1 passed, 0 failed' node
    ends 0 '1 passed, 0 failed' django
}

@test "a failed unit test is counted, and the rest is run" {
    echo 'add_test(bad false)' >>build/CTestTestfile.cmake
    ends 1 '1 passed, 1 failed' unit
}

@test "a failed shell test is counted and shown, a skipped one is counted" {
    echo '@test "bad" { echo because; false; }' >>tests/shards.bats
    echo '@test "later" { skip; }' >>tests/shards.bats
    ends 1 '1 passed, 1 failed, 1 skipped' bats
    [[ "$output" == *'# because'* ]]
}

@test "without a browser the files that need one are skipped, and counted" {
    echo 'import "./support/browser.mjs";' >tests/node/window.test.mjs
    CHROMIUM=/bin/true ends 1 '1 passed, 1 failed' node
    CHROMIUM=$PWD/nowhere ends 0 '1 passed, 0 failed, 1 skipped' node
    [[ "$output" == *'window.test.mjs: skipped, for want of chromium'* ]]
}

@test "a failed Node test is counted" {
    echo "test('bad', () => { throw new Error('because'); });" >>tests/node/good.test.mjs
    ends 1 '1 passed, 1 failed' node
    [[ "$output" == *because* ]]
}

@test "tests of Django that fail, raise or pass by mistake are counted and shown, skipped ones are counted" {
    django_test 'def test_bad(self): self.fail("because")' 'def test_raises(self): 1\/0' \
        '@unittest.expectedFailure' 'def test_better(self): pass' \
        '@unittest.expectedFailure' 'def test_as_bad_as_known(self): self.fail()' \
        '@unittest.skip("later")' 'def test_later(self): pass'
    ends 1 '2 passed, 3 failed, 1 skipped' django
    [[ "$output" == *because* ]]
    ends 0 '1 passed, 0 failed' django good
}

@test "a project of Django's that cannot be loaded, or has no test, is a failure" {
    ends 1 '0 passed, 1 failed' django nothing
    echo 'import nowhere' >examples/django/manage.py
    ends 1 '0 passed, 1 failed' django
    [[ "$output" == *"No module named 'nowhere'"* ]]
}

@test "a file that cannot be run is a failure" {
    echo '@test "unended" {' >tests/bad.bats
    ends 1 '1 passed, 1 failed' bats
    echo 'import nothing from "./nowhere.mjs";' >tests/node/bad.test.mjs
    ends 1 '1 passed, 1 failed' node
}

@test "a file without a test is a failure" {
    : >tests/empty.bats
    ends 1 '1 passed, 1 failed' bats
    : >tests/node/empty.test.mjs
    ends 1 '1 passed, 1 failed' node
}

@test "a part that finds no test is a failure" {
    ends 1 '0 passed, 1 failed' unit nothing
    ends 1 '0 passed, 1 failed' bats nothing
    ends 1 '0 passed, 1 failed' node nothing
    rm tests/shards.bats
    ends 1 '0 passed, 1 failed' tsan
}

@test "a budget that is not held is a failure" {
    printf '#!/bin/sh\necho too much; exit 1\n' >bench/instructions/main.mjs
    ends 1 '0 passed, 1 failed' budgets
    [[ "$output" == *'too much'* ]]
}

@test "shards may be tested by any runner" {
    ends 0 '1 passed, 0 failed' tsan
    mv tests/node/good.test.mjs tests/node/shards.test.mjs
    ends 0 '2 passed, 0 failed' tsan
}

@test "the tests of the site, of pages and of scripts are run once, in the build that is used" {
    echo 'throw new Error("run");' >tests/node/site_inbox.test.mjs
    for name in screenshots notify_client notify_client_outages old_page browser_strangers; do
        cp tests/node/site_inbox.test.mjs "tests/node/$name.test.mjs"
    done
    mkdir tests/scripts
    echo '@test "threads = 2" { false; }' | tee tests/site.bats >tests/scripts/shards.bats
    ends 0 '3 passed, 0 failed' asan
    ends 0 '1 passed, 0 failed' tsan
    ends 1 '2 passed, 8 failed' release
}

@test "where many tests are one process all of them are counted" {
    echo 'add_test(many echo "All tests passed (12 assertions in 7 test cases)")' >build/CTestTestfile.cmake
    ends 0 '7 passed, 0 failed' unit
    echo 'add_test(bad false)' >>build/CTestTestfile.cmake
    ends 1 '7 passed, 1 failed' unit
}

@test "the files that take longest begin first" {
    mkdir bin
    printf '#!/bin/sh\necho 1\n' >bin/nproc  # so that two files run at a time
    echo "@test 'long' { touch $PWD/began; }" >tests/slow_readers.bats
    printf '#!/bin/sh\nuntil [ -e %s/began ]; do sleep 0.1; done\n' "$PWD" >bin/wait_for_long
    chmod +x bin/*
    echo "@test 'short' { timeout 5 $PWD/bin/wait_for_long; }" |
        tee tests/a.bats >tests/b.bats
    PATH=$PWD/bin:$PATH ends 0 '4 passed, 0 failed' bats
}

@test "a sanitizer's report is a failure, whatever the test made of it" {
    echo '@test "reports" { echo leak >"$NOTIFY_BUILD_DIR/test-logs/sanitizer/report.1"; }' >>tests/shards.bats
    ends 1 '2 passed, 1 failed' bats
    [[ "$output" == *leak* ]]
}

@test "a build that fails is a failure, and the other parts are still run" {
    unset NOTIFY_BUILD_DIR
    printf '#!/bin/sh\necho broken; exit 1\n' >scripts/build
    chmod +x scripts/build
    ends 1 '2 passed, 4 failed'
}

@test "an unknown part is wrong usage" {
    run scripts/test untit
    [ "$status" -eq 2 ]
    [[ "$output" == *"unknown part 'untit'"* ]]
}
