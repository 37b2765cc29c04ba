# SPDX-License-Identifier: MIT
#
# Three rules for every request of the site.
from urllib.parse import urlsplit

from django.conf import settings

from django_notify import conf


def content_security_policy(get_response):
    """Lets pages load and run only what comes from this site, as files.

    Text of a notification that slipped through as HTML could still run nothing. The admin is left
    out: it is Django's own, and what it needs changes with Django. So are the pages by which DEBUG
    explains an error: their styles are inline.
    """

    def middleware(request):
        response = get_response(request)
        match = request.resolver_match
        explained = settings.DEBUG and response.status_code in (400, 404, 500)
        if not explained and (match is None or "admin" not in match.app_names):
            response.headers["Content-Security-Policy"] = policy(conf.gateway())
        return response

    return middleware


def policy(gateway):
    """Returns the header's text; `gateway` is the origin of a gateway elsewhere, or ""."""
    rules = ["default-src 'self'"]
    if gateway:
        socket = urlsplit(gateway)
        socket = socket._replace(scheme="wss" if socket.scheme == "https" else "ws").geturl()
        rules += [f"script-src 'self' {gateway}", f"connect-src 'self' {gateway} {socket}"]
    rules += ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]
    return "; ".join(rules + ["form-action 'self'"])


def forms_are_utf8(get_response):
    """Reads every form as UTF-8, as the pages of this site are.

    Django would decode with whatever codec of Python's the client names in Content-Type, and some
    of them make text that can neither be stored nor sent, or raise.
    """

    def middleware(request):
        request.encoding = "utf-8"
        return get_response(request)

    return middleware


def cookies_without_nul(get_response):
    """Drops each cookie with a NUL in it, as if it had not been sent.

    A browser has none, but anybody may send one in quotes (`sessionid="\\000"`), and PostgreSQL
    refuses to look such a session up.
    """

    def middleware(request):
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        return get_response(request)

    return middleware
