#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# scripts/deps with stand-ins for the package managers, which only note what they are asked for.

setup()
{
    cd "$BATS_TEST_TMPDIR"
    unset CHROMIUM
    mkdir -p scripts bin node_modules tests/node/node_modules
    cp "$BATS_TEST_DIRNAME/../../scripts/deps" scripts/
    cp "$BATS_TEST_DIRNAME/../../package-lock.json" .
    cp package-lock.json node_modules/.installed-lock.json
    cp package-lock.json tests/node/
    cp package-lock.json tests/node/node_modules/.installed-lock.json
    echo '"socket.io-client": "4"' >package.json
    local command
    for command in bash sed dirname flock cmp cp env tail grep cat; do
        ln -s "$(command -v "$command")" bin/
    done
    stand_in node ''
    stand_in npm ''
    stand_in sudo '[ "$1" = -- ] && shift; exec "$@"'
    stand_in chromium ''
    stand_in apt-get ''
    # apt offers every package, but for those named in $unknown.
    stand_in apt-cache 'for p in ${unknown:-}; do [ "${@: -1}" != "$p" ] || exit 100; done; echo Package'
    # Every package that is asked about is installed, but for those named in $missing.
    stand_in dpkg-query 'for p in "$@"; do case " ${missing:-} " in *" $p "*) ;; *) echo "$p installed";; esac; done'
}

deps() { PATH=$BATS_TEST_TMPDIR/bin scripts/deps "$@"; }

stand_in()  # COMMAND SCRIPT
{
    printf '#!%s\necho "%s $*" >>"%s/calls"\n%s\n' "$BATS_TEST_TMPDIR/bin/bash" "$1" \
        "$BATS_TEST_TMPDIR" "$2" >"bin/$1"
    chmod +x "bin/$1"
}

@test "when everything is there, nothing is called" {
    run deps test
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$output" = 'deps: everything is there' ]
    [ "$(grep -vc dpkg-query calls)" -eq 0 ]
}

@test "what is missing is installed by name, without recommendations" {
    missing=libfmt-dev run deps
    echo "$output"
    [ "$status" -eq 0 ]
    grep -q '^apt-get .*update$' calls
    grep -q '^apt-get .*install --yes --no-install-recommends libfmt-dev$' calls
}

@test "what only tests need is not installed for running" {
    missing=bats run deps run
    [ "$output" = 'deps: everything is there' ]
    missing=bats run deps test
    [[ "$output" == *"installing with apt-get"*": bats"* ]]
}

@test "what only the site needs is installed for it and for the tests" {
    local name
    for name in uwsgi python3-psycopg2; do
        missing=$name run deps
        [ "$output" = 'deps: everything is there' ]
        missing=$name run deps site
        [[ "$output" == *"installing with apt-get"*": $name"* ]]
        missing=$name run deps test
        [[ "$output" == *"installing with apt-get"*": $name"* ]]
    done
    missing=bats run deps site
    [ "$output" = 'deps: everything is there' ]
}

@test "servers are not started when they are installed, and may be afterwards" {
    local command name
    for command in tee chmod rm; do ln -s "$(command -v "$command")" bin/; done
    sed -i "s|^policy=.*|policy=$PWD/policy-rc.d|" scripts/deps
    stand_in apt-get 'case $* in *install*) [ -x policy-rc.d ] && ! ./policy-rc.d; echo "held: $?";; esac >>held'
    for name in redis-server nginx uwsgi; do
        missing=$name run deps site
        echo "$output"
        [ "$status" -eq 0 ]
        [ ! -e policy-rc.d ]
    done
    [ "$(grep -c '^held: 0$' held)" -eq 3 ]
    rm held
    missing=python3-redis run deps site
    [ "$(cat held)" = 'held: 1' ]
}

@test "of alternatives the first that apt offers is installed, and none if one is there" {
    boosts='libboost-url-dev libboost-url1.81-dev'
    missing=$boosts run deps
    grep -q 'no-install-recommends libboost-url-dev$' calls
    rm calls
    missing=$boosts unknown=libboost-url-dev run deps
    [[ "$output" == *"installing with apt-get"*": libboost-url1.81-dev"* ]]
    grep -q 'no-install-recommends libboost-url1.81-dev$' calls
    missing=libboost-url-dev run deps
    [ "$output" = 'deps: everything is there' ]
}

@test "alternatives of which apt offers none end with its complaint about the first" {
    stand_in apt-get 'case $* in *install*) echo "E: Unable to locate ${@: -1}"; exit 100;; esac'
    boosts='libboost-url-dev libboost-url1.81-dev'
    missing=$boosts unknown=$boosts run deps
    echo "$output"
    [ "$status" -eq 1 ]
    [[ "$output" == *"E: Unable to locate libboost-url-dev"* ]]
}

@test "a browser is installed where apt has one; where it has none, that is said" {
    rm bin/chromium
    unknown=chromium run deps test
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "${lines[0]}" == *"no chromium: the tests in a browser are skipped"* ]]
    [ "$(grep -c ^apt-get calls)" -eq 0 ]
    missing=bats unknown=chromium run deps test
    grep -q 'no-install-recommends bats$' calls
    run deps test
    grep -q 'no-install-recommends chromium$' calls
    rm calls
    run deps site
    [ "$(grep -c ^apt-get calls)" -eq 0 ]
}

@test "node of another source is left alone; a missing npm is installed" {
    rm bin/npm
    run deps
    echo "$output"
    grep -q '^apt-get .*install .* npm$' calls
}

@test "npm packages are installed anew when the lock file has changed" {
    echo >>package-lock.json
    run deps
    echo "$output"
    [ "$status" -eq 0 ]
    grep -q '^npm ci' calls
    run deps
    [ "$output" = 'deps: everything is there' ]
}

@test "what only tests take from npm is not installed for running" {
    echo >>tests/node/package-lock.json
    run deps
    [ "$output" = 'deps: everything is there' ]
    run deps test
    [[ "$output" == *"clients for the tests"* ]]
    cmp tests/node/package-lock.json tests/node/node_modules/.installed-lock.json
}

@test "a name that apt does not find ends with what it said and a hint" {
    stand_in apt-get 'case $* in *install*) echo "E: Unable to locate package libfmt-dev"; exit 100;; esac'
    missing=libfmt-dev run deps
    echo "$output"
    [ "$status" -eq 1 ]
    [[ "$output" == *"E: Unable to locate package libfmt-dev"* ]]
    [[ "$output" == *"Debian 12 (bookworm), Debian 13 (trixie) and Ubuntu 24.04 (noble)"* ]]
}

@test "without apt it says what to install by hand" {
    rm bin/apt-get
    missing=libfmt-dev run deps
    echo "$output"
    [ "$status" -eq 1 ]
    [[ "$output" == *"no apt-get here"* ]]
    [ "${lines[-1]}" = '      libfmt-dev' ]
}

@test "an unknown list is refused" {
    run deps all
    [ "$status" -eq 1 ]
    [[ "$output" == *"unknown list 'all'"* ]]
}

@test "no npm package needs a newer Node than Debian 12 has" {
    for lock in package-lock.json {tests/node,bench/peers/node}/package-lock.json; do
        node -e '
            const { packages } = JSON.parse(require("fs").readFileSync(process.argv[1]));
            for (const [name, { version, engines }] of Object.entries(packages)) {
                const least = /^\s*>=\s*(\d+)/.exec(engines?.node ?? "")?.[1] ?? 0;
                if (least > 18) console.log(`${name} ${version} needs Node ${engines.node}`);
            }' "$BATS_TEST_DIRNAME/../../$lock"
    done >newer
    cat newer
    [ ! -s newer ]
}
