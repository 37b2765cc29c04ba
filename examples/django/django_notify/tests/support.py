# SPDX-License-Identifier: MIT
#
# What the tests have in common: settings, users, a listener at Redis, and a Redis that never
# answers.
import json
import socket
import tempfile
import threading
import uuid
from contextlib import contextmanager

import redis
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import override_settings

from django_notify.tests.redis_server import redis_of_tests

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"  # what a browser accepts for a page
JSON = "application/json"

NASTY = '<script>alert("1")</script><img src=x onerror=alert(2)>\' & {{ settings }} {% debug %}'
EMOJI = "👩‍👩‍👧 naïve 日本"
RIGHT_TO_LEFT = "\u202eשלום \u200fمرحبا"


def make_user(name="alice", **fields):
    """Without a password nobody can log in by a form, and time is saved."""
    return get_user_model().objects.create_user(name, **fields)


def connect():
    return redis.Redis.from_url(settings.NOTIFY_REDIS, decode_responses=True)


class Listener:
    """Hears all that is published, on every channel, from its making to heard()."""

    def __init__(self):
        self._client = connect()
        self._subscriber = self._client.pubsub()
        self._subscriber.psubscribe("*")
        self._subscriber.get_message(timeout=5)

    def heard(self):
        """Returns the (channel, text) pairs since the last call; waits for all that were sent."""
        last = f"last-{uuid.uuid4()}"
        self._client.publish(last, "")
        heard = []
        while True:
            message = self._subscriber.get_message(timeout=5)
            if message is None:
                raise AssertionError("Redis did not deliver within 5 seconds")
            if message["channel"] == last:
                return heard
            if message["type"] == "pmessage":
                heard.append((message["channel"], message["data"]))

    def heard_json(self):
        return [(channel, json.loads(text)) for channel, text in self.heard()]

    def close(self):
        self._subscriber.close()
        self._client.close()


class RedisMixin:
    """For a TestCase of any project: with a private Redis, whatever the project's settings say."""

    overridden = {"NOTIFY_FOLLOW": "user"}

    @classmethod
    def setUpClass(cls):
        changed = override_settings(NOTIFY_REDIS=redis_of_tests().url, **cls.overridden)
        changed.enable()
        cls.addClassCleanup(changed.disable)
        super().setUpClass()


class AppMixin(RedisMixin):
    """For a TestCase of the app alone: with tests/urls.py in place of the project's pages."""

    overridden = {
        **RedisMixin.overridden,
        "NOTIFY_GATEWAY": "",
        "NOTIFY_DETAIL_URL": "",
        "ROOT_URLCONF": "django_notify.tests.urls",
        "LOGIN_URL": "/login/",
    }


class ListeningMixin:
    """For a TestCase with a Redis: self.listener hears what the test makes the site publish."""

    def setUp(self):
        super().setUp()
        self.listener = Listener()
        self.addCleanup(self.listener.close)


@contextmanager
def redis_away():
    """Gives the address of a Redis that isn't there."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"unix://{folder}/redis.sock"


@contextmanager
def redis_mute():
    """Gives the address of a Redis that takes connections and never answers.

    After ten seconds it hangs up, so that a site that waits for ever fails its test.
    """
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{folder}/redis.sock")
        listening.listen(100)
        end = threading.Timer(10, listening.close)
        end.start()
        try:
            yield f"unix://{folder}/redis.sock"
        finally:
            end.cancel()
