# SPDX-License-Identifier: MIT
#
# Redis away, mute, gone and back, refusing; and a process that forks.
import os
import time
from unittest import mock
from urllib.parse import urlsplit

from django.conf import settings
from django.test import TestCase, TransactionTestCase, override_settings

from django_notify import RedisUnavailable, mint_uuid_cookie, notify, notify_all, redis_link
from django_notify.models import Notification
from django_notify.tests.support import (
    JSON,
    AppMixin,
    ListeningMixin,
    connect,
    make_user,
    redis_away,
    redis_mute,
)


class RedisAwayTest(AppMixin, TransactionTestCase):
    def setUp(self):
        self.alice = make_user("alice")

    def test_the_notification_is_stored_and_the_log_says_that_it_was_not_pushed(self):
        with redis_away() as url, override_settings(NOTIFY_REDIS=url):
            with self.assertLogs("django_notify", "ERROR") as logs:
                stored = notify(self.alice, "said", description="a secret")
        self.assertEqual(Notification.objects.get(), stored)
        [line] = logs.output
        for part in ("Not pushed", str(stored.key), f"user {self.alice.pk}", url, "No such file"):
            self.assertIn(part, line)
        self.assertNotIn("a secret", line)

    def test_no_host_no_user_and_no_password_matter(self):
        with override_settings(NOTIFY_REDIS="redis://someone:hidden@127.0.0.1:1/3"):
            with self.assertLogs("django_notify", "ERROR") as logs:
                notify(self.alice, "said")
        self.assertIn("redis://…@127.0.0.1:1/3", logs.output[0])
        self.assertNotIn("hidden", logs.output[0])

    def test_for_many_it_is_tried_once_and_logged_once(self):
        users = [make_user(f"user-{number}") for number in range(15)]
        with redis_away() as url, override_settings(NOTIFY_REDIS=url):
            with self.assertLogs("django_notify", "ERROR") as logs:
                with mock.patch("django_notify.push.PIPELINE", 5):
                    self.assertEqual(notify_all("goes down", users=users), 15)
        self.assertEqual(Notification.objects.count(), 15)
        [line] = logs.output
        self.assertIn("15 users", line)
        self.assertIn("and 5 more", line)

    def test_a_uuid_cookie_is_refused(self):
        with redis_away() as url, override_settings(NOTIFY_REDIS=url):
            with self.assertRaisesMessage(RedisUnavailable, f"Redis at {url} failed"):
                mint_uuid_cookie(self.alice)

    def test_pages_answer_and_their_requests_succeed(self):
        self.client.force_login(self.alice)
        with redis_away() as url, override_settings(NOTIFY_REDIS=url):
            self.assertEqual(self.client.get("/").status_code, 200)
            with self.assertLogs("django_notify", "ERROR"):
                notify(self.alice, "said")
            with self.assertLogs("django_notify", "ERROR"):
                answer = self.client.post("/python/read/", {"all": "1"}, HTTP_ACCEPT=JSON)
            self.assertEqual(answer.json(), {"ok": True, "read": 1})
            with self.assertLogs("django_notify", "ERROR"):
                self.alice.delete()


class RedisMuteTest(AppMixin, TransactionTestCase):
    def test_a_request_waits_a_second_whatever_it_sends(self):
        users = [make_user(f"user-{number}") for number in range(30)]
        started = time.monotonic()
        with redis_mute() as url, override_settings(NOTIFY_REDIS=url):
            with self.assertLogs("django_notify", "ERROR") as logs:
                for user in users:
                    notify(user, "said")
                notify_all("goes down", users=users)
        took = time.monotonic() - started
        self.assertEqual(len(logs.output), 31)
        self.assertIn("Timeout", logs.output[0])
        self.assertIn("did not answer a moment ago", logs.output[1])
        self.assertEqual(Notification.objects.count(), 60)
        self.assertGreater(took, 0.9)
        self.assertLess(took, 5)

    def test_after_a_pause_it_is_asked_again(self):
        alice = make_user("alice")
        with redis_mute() as url, override_settings(NOTIFY_REDIS=url):
            with self.assertRaisesMessage(RedisUnavailable, "Timeout"):
                redis_link.publish([("a", "b")])
            with self.assertRaisesMessage(RedisUnavailable, "a moment ago"):
                mint_uuid_cookie(alice)
            redis_link._links[url].rests_until -= redis_link.PAUSE
            with self.assertRaisesMessage(RedisUnavailable, "Timeout"):
                redis_link.publish([("a", "b")])

    def test_after_a_pause_one_asks_for_all_until_it_has_an_answer(self):
        with redis_mute() as url, override_settings(NOTIFY_REDIS=url):
            with self.assertRaisesMessage(RedisUnavailable, "Timeout"):
                redis_link.publish([("a", "b")])
            redis_link._links[url].rests_until -= redis_link.PAUSE
            with redis_link._answering():
                with self.assertRaisesMessage(RedisUnavailable, "a moment ago"):
                    redis_link.publish([("a", "b")])
            with self.assertRaisesMessage(RedisUnavailable, "Timeout"):
                redis_link.publish([("a", "b")])

    def test_a_refusal_in_time_ends_the_pause(self):
        with redis_away() as url, override_settings(NOTIFY_REDIS=url):
            link = redis_link._links.setdefault(url, redis_link._Link(url))
            link.rests_until = time.monotonic()
            for _ in range(2):
                with self.assertRaisesMessage(RedisUnavailable, "No such file"):
                    redis_link.publish([("a", "b")])


class RedisBackTest(ListeningMixin, AppMixin, TestCase):
    def test_a_connection_that_redis_has_closed_is_made_anew(self):
        redis_link.publish([("a", "1")])
        connect().execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        redis_link.publish([("a", "2")])
        self.assertEqual(self.listener.heard(), [("a", "1"), ("a", "2")])

    def test_what_redis_refuses_is_told(self):
        connect().execute_command("ACL", "SETUSER", "nobody", "on", ">secret", "+ping")
        self.addCleanup(connect().execute_command, "ACL", "DELUSER", "nobody")
        url = urlsplit(settings.NOTIFY_REDIS)._replace(netloc="nobody:secret@").geturl()
        with override_settings(NOTIFY_REDIS=url):
            with self.assertRaisesMessage(RedisUnavailable, "no permissions"):
                redis_link.publish([("a", "1")])

    def test_a_forked_process_has_connections_of_its_own(self):
        redis_link.publish([("a", "parent")])
        child = os.fork()
        if child == 0:
            try:
                redis_link.publish([("a", "child")])
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        redis_link.publish([("a", "parent")])
        self.assertEqual(
            self.listener.heard(), [("a", "parent"), ("a", "child"), ("a", "parent")]
        )

    def test_how_many_received(self):
        self.assertEqual(redis_link.publish([("a", "1"), ("b", "2")]), 2)

    def test_no_way_to_redis_is_without_a_timeout(self):
        for url in ("redis://h:1/2", "rediss://u:p@h", "unix:///run/redis.sock?db=2"):
            connection = redis_link._Link(url).client.connection_pool.make_connection()
            self.assertEqual(connection.socket_timeout, redis_link.TIMEOUT)
            if not url.startswith("unix"):
                self.assertEqual(connection.socket_connect_timeout, redis_link.TIMEOUT)
            if url.startswith("rediss"):
                self.assertTrue(connection.check_hostname)
            else:
                self.assertEqual(connection.db, 2)
