# SPDX-License-Identifier: MIT
#
# The settings of django_notify. Each function returns one of them or its default, and raises if the
# value is wrong. check_settings() reads them all when the site starts.
import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FOLLOW_USER = "user"
FOLLOW_SESSION = "session"

_REDIS_EXAMPLE = 'write NOTIFY_REDIS = "redis://127.0.0.1:6379"'
_ORIGIN = re.compile(r"(https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?)?")
_SESSION_ENGINES = (
    "django.contrib.sessions.backends.db",
    "django.contrib.sessions.backends.cached_db",
)


def redis_url():
    """NOTIFY_REDIS: redis://, rediss:// or unix:///path?db=n, as the tools of notify take it."""
    url = getattr(settings, "NOTIFY_REDIS", None)
    if not url:
        raise ImproperlyConfigured(f"NOTIFY_REDIS is not set: {_REDIS_EXAMPLE} in your settings.")
    if not isinstance(url, str):
        raise ImproperlyConfigured(f"NOTIFY_REDIS is {url!r}, not a text: {_REDIS_EXAMPLE}.")
    return _checked_redis_url(url)


def follow():
    """NOTIFY_FOLLOW: what the gateway follows, "user" (the default) or "session"."""
    value = getattr(settings, "NOTIFY_FOLLOW", FOLLOW_USER)
    if value not in (FOLLOW_USER, FOLLOW_SESSION):
        raise ImproperlyConfigured(
            f'NOTIFY_FOLLOW is {value!r}: write "user", or "session" if the gateway runs with '
            "--session-channel."
        )
    if value == FOLLOW_SESSION and settings.SESSION_ENGINE not in _SESSION_ENGINES:
        raise ImproperlyConfigured(
            f'NOTIFY_FOLLOW = "session" needs to see which sessions live, but SESSION_ENGINE is '
            f"{settings.SESSION_ENGINE!r}: write {_SESSION_ENGINES[1]!r}, "
            'or NOTIFY_FOLLOW = "user".'
        )
    return value


def session_channel():
    """NOTIFY_SESSION_CHANNEL: the same text as the gateway's --session-channel."""
    return _text(
        "NOTIFY_SESSION_CHANNEL",
        "notifications.{session}",
        "write a text with {session} in it once, the same as the gateway's --session-channel, "
        'such as "notifications.{session}"',
        fits=lambda value: value.count("{session}") == 1,
    )


def uuidcookie_prefix():
    """NOTIFY_UUIDCOOKIE_PREFIX: the same text as the gateway's --uuidcookie-prefix."""
    return _text("NOTIFY_UUIDCOOKIE_PREFIX", "cookie-", 'write a text, such as "cookie-"')


def gateway():
    """NOTIFY_GATEWAY: the origin of a gateway that isn't behind the site's own, or ""."""
    return _text(
        "NOTIFY_GATEWAY",
        "",
        'write an origin such as "https://push.example.org", without a path or a slash at its '
        'end, or "" if Nginx shows the gateway as part of this site',
        fits=_ORIGIN.fullmatch,
    )


def detail_url():
    """NOTIFY_DETAIL_URL: the name of the URL that shows one notification by `key`, or ""."""
    return _text("NOTIFY_DETAIL_URL", "", 'write the name of a URL with <uuid:key>, or ""')


def check_settings():
    """Reads every setting, so that a wrong one is reported at the start and not to a visitor."""
    for read in (redis_url, follow, session_channel, uuidcookie_prefix, gateway, detail_url):
        read()


def redacted(url):
    """Returns the address without its user, password and query, for logs and errors."""
    before, at, after = str(url).rpartition("@")
    if at:
        scheme = re.match(r"(\w+://)?", before)[0]
        # With a "?" before the "@", either may be part of the password.
        after = f"{scheme}…@{'' if '?' in before else after}"
    return after.partition("?")[0]


def _text(name, default, advice, fits=lambda value: True):
    value = getattr(settings, name, default)
    if not isinstance(value, str) or not fits(value):
        raise ImproperlyConfigured(f"{name} is {value!r}: {advice}.")
    return value


@lru_cache(maxsize=8)
def _checked_redis_url(text):
    why = _what_is_wrong(text)
    if why:
        raise ImproperlyConfigured(f"NOTIFY_REDIS is {redacted(text)!r}: {why}; {_REDIS_EXAMPLE}.")
    return text


# Where redis-py can't read the database or the host, it silently uses another one.
def _what_is_wrong(text):
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:  # its text may hold a part of the password
        return "not an address; special characters of a password are written %XX"
    if url.scheme not in ("redis", "rediss", "unix"):
        return "it should begin with redis://, rediss:// or unix://"
    if url.scheme == "unix" and (url.hostname or len(url.path) < 2):
        return "a unix socket needs an absolute path, as in unix:///run/redis.sock"
    if url.scheme != "unix" and (not url.hostname or port == 0):
        return "the host is missing" if not url.hostname else "the port is not between 1 and 65535"
    parameters = parse_qsl(url.query, keep_blank_values=True)
    databases = [value for name, value in parameters if name == "db"]
    if len(databases) < len(parameters):
        return "db is the only parameter that is known"
    if url.scheme != "unix" and url.path.strip("/"):
        databases.append(url.path[1:])
    if not all(number.isascii() and number.isdigit() for number in databases):
        return "the database is not a number"
    return ""
