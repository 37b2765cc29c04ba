# SPDX-License-Identifier: MIT
#
# Every setting that is written wrongly is refused by name, with its value and what to write.
from django.apps import apps
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.test import SimpleTestCase, override_settings

from django_notify import conf
from django_notify.tests.support import AppMixin


class SettingsTest(AppMixin, SimpleTestCase):
    def assertRefused(self, name, value, *parts):
        with self.subTest(name, value=value), override_settings(**{name: value}):
            with self.assertRaises(ImproperlyConfigured) as caught:
                apps.get_app_config("django_notify").ready()
            for part in (name, "write", *parts):
                self.assertIn(part, str(caught.exception))

    def test_redis(self):
        for value, why in (
            (None, "not set"),
            ("", "not set"),
            (6379, "not a text"),
            ("127.0.0.1:6379", "should begin with"),
            ("http://127.0.0.1", "should begin with"),
            ("redis://", "the host is missing"),
            ("redis://127.0.0.1:port", "not an address"),
            ("redis://127.0.0.1:99999", "not an address"),
            ("redis://127.0.0.1:0", "not between 1 and 65535"),
            ("redis://127.0.0.1/first", "the database is not a number"),
            ("redis://127.0.0.1?db=", "the database is not a number"),
            ("redis://127.0.0.1?timeout=5", "the only parameter"),
            ("unix://redis.sock", "an absolute path"),
            ("unix:///run/redis.sock?db=x", "the database is not a number"),
            ("redis://me:pass/hidden@127.0.0.1", "not an address"),
        ):
            self.assertRefused("NOTIFY_REDIS", value, why)

    def test_a_password_is_not_shown(self):
        for value, shown in (
            ("redis://me:hidden@127.0.0.1/first", "redis://…@127.0.0.1/first"),
            ("redis://127.0.0.1/0?password=hidden", "redis://127.0.0.1/0"),
            ("redis://127.0.0.1/0?password=hi@hidden", "redis://…@"),
            ("redis://me:hidden?x@127.0.0.1/0", "redis://…@"),
            ("redis://me:hidden/x@127.0.0.1/0", "redis://…@127.0.0.1/0"),
            ("redis://hidden://x@127.0.0.1/first", "redis://…@127.0.0.1/first"),
            ("me:hidden@127.0.0.1", "…@127.0.0.1"),
        ):
            with self.subTest(value), override_settings(NOTIFY_REDIS=value):
                with self.assertRaises(ImproperlyConfigured) as caught:
                    conf.redis_url()
                self.assertIn(f"NOTIFY_REDIS is {shown!r}: ", str(caught.exception))
                self.assertNotIn("hidden", str(caught.exception))

    def test_what_redis_may_be(self):
        for value in (
            "redis://127.0.0.1:6379",
            "redis://:secret@[::1]:6379/2",
            "rediss://me:p%40ss@redis.example.org/0",
            "unix:///run/redis.sock",
            "unix:///run/redis.sock?db=3",
        ):
            with self.subTest(value), override_settings(NOTIFY_REDIS=value):
                self.assertEqual(conf.redis_url(), value)

    def test_follow(self):
        self.assertRefused("NOTIFY_FOLLOW", "sessions", "'sessions'", '"user"')
        self.assertRefused("NOTIFY_FOLLOW", None, "None")

    @override_settings(NOTIFY_FOLLOW="session")
    def test_sessions_that_can_not_be_followed(self):
        engine = "django.contrib.sessions.backends.signed_cookies"
        self.assertRefused("SESSION_ENGINE", engine, engine, "cached_db", "NOTIFY_FOLLOW")

    def test_session_channel(self):
        for value in ("", "notifications", "{session}{session}", "{user}", None):
            self.assertRefused("NOTIFY_SESSION_CHANNEL", value, repr(value), "{session}")

    def test_uuidcookie_prefix(self):
        self.assertRefused("NOTIFY_UUIDCOOKIE_PREFIX", None, "None", '"cookie-"')

    def test_gateway(self):
        for value in (
            "push.example.org",
            "ws://push.example.org",
            "https://push.example.org/",
            "https://push.example.org/socket.io",
            "https://me@push.example.org",
            "https://push.example.org; script-src *",
            "https://push.example.org\n",
            "http://[::1",
            None,
            5,
        ):
            self.assertRefused("NOTIFY_GATEWAY", value, repr(value))

    def test_detail_url(self):
        self.assertRefused("NOTIFY_DETAIL_URL", None, "None", "uuid:key")

    def test_urls_that_are_missing_are_found_by_manage_py_check(self):
        self.assertEqual(run_checks(tags=["urls"]), [])
        with override_settings(NOTIFY_DETAIL_URL="nowhere"):
            [error] = run_checks(tags=["urls"])
            self.assertIn("NOTIFY_DETAIL_URL is 'nowhere'", error.msg)
        with override_settings(ROOT_URLCONF="django.contrib.auth.urls"):
            [error] = run_checks(tags=["urls"])
            self.assertIn("The URLs of django_notify are missing", error.msg)
            self.assertIn("urls.py", error.hint)
