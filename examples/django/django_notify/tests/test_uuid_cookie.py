# SPDX-License-Identifier: MIT
#
# The uuidCookie: what is in Redis, for how long, and for whom.
import json
import uuid
from unittest import mock

from django.contrib.auth.models import AnonymousUser
from django.test import TestCase, override_settings

from django_notify import RedisUnavailable, mint_uuid_cookie
from django_notify.tests.support import AppMixin, connect, make_user, redis_away


class MintTest(AppMixin, TestCase):
    def setUp(self):
        self.alice = make_user("alice")

    def test_redis_has_the_user_under_it_for_five_seconds(self):
        key = "cookie-" + mint_uuid_cookie(self.alice)
        redis = connect()
        self.assertEqual(json.loads(redis.get(key)), {"userId": str(self.alice.pk)})
        self.assertTrue(0 < redis.pttl(key) <= 5000)

    def test_it_is_a_random_uuid_each_time(self):
        first, second = (uuid.UUID(mint_uuid_cookie(self.alice)) for _ in range(2))
        self.assertNotEqual(first, second)
        self.assertEqual(first.version, 4)

    def test_one_that_exists_is_not_replaced(self):
        taken = uuid.uuid4()
        connect().set(f"cookie-{taken}", "bob", ex=5)
        with mock.patch("uuid.uuid4", return_value=taken):
            with self.assertRaisesMessage(RedisUnavailable, "exists already"):
                mint_uuid_cookie(self.alice)
        self.assertEqual(connect().get(f"cookie-{taken}"), "bob")

    @override_settings(NOTIFY_UUIDCOOKIE_PREFIX="other:")
    def test_the_prefix_is_a_setting(self):
        self.assertTrue(connect().exists("other:" + mint_uuid_cookie(self.alice)))

    def test_who_may_not_log_in_gets_none(self):
        for user in (AnonymousUser(), make_user("gone", is_active=False)):
            with self.assertRaisesMessage(ValueError, "not an active user"):
                mint_uuid_cookie(user)


class ViewTest(AppMixin, TestCase):
    def setUp(self):
        self.alice, self.bob = make_user("alice"), make_user("bob")

    def test_it_is_for_who_is_logged_in_whatever_is_asked_for(self):
        self.client.force_login(self.alice)
        query = {"user-id": self.bob.pk, "userId": self.bob.pk, "user": "bob"}
        answer = self.client.get("/python/uuidCookie/", query)
        self.assertTrue(answer.json()["ok"])
        stored = connect().get("cookie-" + answer.json()["uuid"])
        self.assertEqual(json.loads(stored), {"userId": str(self.alice.pk)})
        self.assertIn("no-store", answer["Cache-Control"])

    def test_an_anonymous_visitor_gets_none(self):
        answer = self.client.get("/python/uuidCookie/")
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(answer.json(), {"ok": False, "uuid": None, "error": "log in first"})
        self.assertIn("no-store", answer["Cache-Control"])

    def test_a_user_made_inactive_gets_none(self):
        self.client.force_login(self.alice)
        self.alice.is_active = False
        self.alice.save()
        self.assertEqual(self.client.get("/python/uuidCookie/").status_code, 403)

    def test_only_get_mints(self):
        self.client.force_login(self.alice)
        for method in (self.client.post, self.client.head, self.client.put):
            self.assertEqual(method("/python/uuidCookie/").status_code, 405)

    def test_redis_away(self):
        self.client.force_login(self.alice)
        with redis_away() as url, override_settings(NOTIFY_REDIS=url):
            with self.assertLogs("django_notify", "ERROR"):
                answer = self.client.get("/python/uuidCookie/")
        self.assertEqual(answer.status_code, 503)
        self.assertIsNone(answer.json()["uuid"])
        self.assertIn("Redis", answer.json()["error"])
        self.assertNotIn(url, answer.json()["error"])
