# SPDX-License-Identifier: MIT
#
# Sends all commands to Redis: PUBLISH, and SET of a uuidCookie.
#
# There is one pool of connections for each process and address. It may be made before a fork:
# redis-py compares the pid and starts a new pool in the child. Threads may share it.
#
# A visitor's request waits for Redis at most a second, and nothing is tried twice: a notification
# is in the database in any case. After a slow failure, all commands of the next second fail at
# once, so that a loop over 1,000 users doesn't wait 1,000 seconds. Then one command tries Redis
# again, and others fail at once until it has an answer.
import time
from contextlib import contextmanager

import redis

from django_notify import conf

TIMEOUT = 1.0  # seconds: to connect, and for each answer
SLOW = 0.5  # seconds: a failure that took as long as this is followed by
PAUSE = 1.0  # seconds in which nothing is asked


class RedisUnavailable(Exception):
    """Redis did not do what it was asked for; the text says which Redis, and why."""


def publish(messages):
    """Publishes (channel, text) pairs in one round trip, and returns how many received.

    What counts as a receiver is whoever subscribes in Redis: a gateway, not a browser.
    Raises RedisUnavailable; some of the messages may have been published then.
    """
    if not messages:
        return 0
    with _answering() as client:
        pipeline = client.pipeline(transaction=False)
        for channel, text in messages:
            pipeline.publish(channel, text)
        return sum(pipeline.execute())


def set_once(key, value, seconds):
    """Stores a value for some seconds. Raises RedisUnavailable, also if there is one already."""
    with _answering() as client:
        if not client.set(key, value, ex=seconds, nx=True):
            raise redis.ResponseError("the key exists already")


class _Link:
    """The way to one Redis: its pool, and until when commands fail without trying it."""

    def __init__(self, url):
        self.client = redis.Redis.from_url(url, socket_timeout=TIMEOUT, **_options(url))
        self.rests_until = 0.0  # 0: it has answered, or not been asked yet


def _options(url):
    # In redis-py, a unix socket takes no other timeout, and TLS checks no host name by default.
    if url.startswith("unix:"):
        return {}
    tls = {"ssl_check_hostname": True} if url.startswith("rediss:") else {}
    return {"socket_connect_timeout": TIMEOUT, **tls}


_links = {}  # address: _Link


@contextmanager
def _answering():
    """Gives the client; what goes wrong with it becomes a RedisUnavailable."""
    url = conf.redis_url()
    link = _links.get(url) or _links.setdefault(url, _Link(url))
    started = time.monotonic()
    if started < link.rests_until:
        raise _unavailable(url, "it did not answer a moment ago")
    if link.rests_until:
        # This command tries Redis for all others. There is no lock: threads that get here in the
        # same instant try and wait too.
        link.rests_until = started + TIMEOUT
    try:
        yield link.client
        link.rests_until = 0.0
    except (redis.RedisError, OSError) as problem:
        now = time.monotonic()
        link.rests_until = now + PAUSE if now - started >= SLOW else 0.0
        raise _unavailable(url, str(problem).rstrip(".")) from problem


def _unavailable(url, why):
    return RedisUnavailable(
        f"Redis at {conf.redacted(url)} failed: {why}. Start it, or correct NOTIFY_REDIS."
    )
