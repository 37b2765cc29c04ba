#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What nginx/notify.conf tells a web app of a request: the same by HTTP and by uWSGI. What passes
# through to the gateway is tested in tests/node.

load ../support/tools

setup()
{
    cd "$BATS_TEST_DIRNAME/../.." || exit
    DIR=$BATS_TEST_TMPDIR
    local http uwsgi
    http=$(free_port) uwsgi=$(free_port) SITE=$(free_port) UWSGI_SITE=$(free_port)

    # One web app that answers with what it was told, in both protocols.
    cat >"$DIR/app.py" <<'END'
def application(told, start):
    start("200 OK", [("Content-Type", "text/plain")])
    lines = (f"{name}={value}\n" for name, value in sorted(told.items()) if isinstance(value, str))
    return ["".join(lines).encode()]
END
    uwsgi --plugin python3 --wsgi-file "$DIR/app.py" --need-app --die-on-term --master \
        --socket "127.0.0.1:$uwsgi" --http-socket "127.0.0.1:$http" >"$DIR/uwsgi.log" 2>&1 </dev/null 3>&- &
    UWSGI_PID=$!
    nginx/render "$DIR" "3010=$http" "3031=$uwsgi" "3333=$SITE" "3334=$UWSGI_SITE"
    nginx -p "$DIR" -e stderr -c "$DIR/nginx.conf" -g 'daemon off;' >"$DIR/nginx.log" 2>&1 </dev/null 3>&- &
    NGINX_PID=$!
    until_ok curl -fsS "http://127.0.0.1:$SITE/"
    until_ok curl -fsS "http://127.0.0.1:$UWSGI_SITE/"
}

teardown()
{
    kill "$NGINX_PID" "$UWSGI_PID"
    wait || true
} 2>/dev/null

@test "a web app is told the host with its port, and no forwarded host or scheme of the browser's own" {
    local port
    for port in "$SITE" "$UWSGI_SITE"; do
        run curl -fsS -H 'X-Forwarded-For: 192.0.2.1' -H 'X-Forwarded-Proto: https' \
            -H 'X-Forwarded-Host: elsewhere.example' "http://localhost:$port/page?a=b"
        echo "$output"
        grep -qx "HTTP_HOST=localhost:$port" <<<"$output"
        grep -qx "HTTP_X_FORWARDED_HOST=localhost:$port" <<<"$output"
        grep -qx 'HTTP_X_FORWARDED_PROTO=http' <<<"$output"
        grep -qx 'HTTP_X_FORWARDED_FOR=192.0.2.1, 127.0.0.1' <<<"$output"
        grep -qx 'PATH_INFO=/page' <<<"$output"
        grep -qx 'QUERY_STRING=a=b' <<<"$output"
    done
}
