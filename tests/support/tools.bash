# SPDX-License-Identifier: MIT
#
# What the smoke tests of the tools share: the tools that were built are first in PATH, no
# setting of the developer's own reaches them, and what they print is compared with golden files.
#
#   load ../support/tools      in setup(), or at the head of a .bats file
#
# UPDATE_GOLDEN=1 rewrites the golden files instead of comparing; read the diff before you commit.

: "${NOTIFY_BUILD_DIR:?is not set: the build folder whose bin/ holds the tools}"
PATH=$(cd "$NOTIFY_BUILD_DIR" && pwd)/bin:$PATH
for name in $(compgen -e NOTIFY_ | grep -v '^NOTIFY_BUILD_DIR$') REDIS_URL UUIDCOOKIE_PREFIX \
    SUBSCRIBE_BY_COOKIES_URL SAMPLE_USERID PORT HOST; do unset "$name"; done
GOLDEN=$BATS_TEST_DIRNAME/../golden

# until_ok COMMAND…: runs it every 20 ms until it succeeds; fails after 20 s.
until_ok()
{
    local end=$((SECONDS + 20))
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || { echo "never true: $*" >&2; return 1; }
        sleep 0.02
    done
}

# expect_golden NAME: what comes on stdin is what tests/golden/NAME holds.
expect_golden()
{
    if [[ -n ${UPDATE_GOLDEN:-} ]]; then
        cat >"$GOLDEN/$1"
    else
        diff -u "$GOLDEN/$1" -
    fi
}

# expect_session NAME: tests/golden/NAME is a session on a terminal. Each of its lines that begins
# with "$ " is run again, by bash, in the current folder; output and [status] must be the same.
expect_session()
{
    local line status
    grep '^\$ ' "$GOLDEN/$1" | cut -c3- | while IFS= read -r line; do
        status=0
        echo "$ $line"
        timeout 20 bash -c "$line" 2>&1 </dev/null || status=$?
        echo "[$status]"
    done >"$BATS_TEST_TMPDIR/session"
    expect_golden "$1" <"$BATS_TEST_TMPDIR/session"
}

# A port that nobody listens on, below those that the kernel gives to connections.
free_port()
{
    local port
    while
        port=$((20000 + RANDOM % 12000))
        (exec 9<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null
    do :; done
    echo "$port"
}
