# SPDX-License-Identifier: MIT
#
# currentUserId, unread and read: who gets which answer.
import uuid

from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, TestCase, override_settings
from django.utils import timezone

from django_notify import notify
from django_notify.models import Notification
from django_notify.payload import session_mark
from django_notify.tests.support import HTML, JSON, NASTY, AppMixin, make_user


class CurrentUserIdTest(AppMixin, TestCase):
    def setUp(self):
        self.alice = make_user("alice")

    def assertNobody(self, **headers):
        answer = self.client.get("/python/currentUserId/", **headers)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.json(), {"ok": False, "userId": None})
        self.assertIn("no-store", answer["Cache-Control"])

    def test_the_user_of_the_cookies(self):
        self.client.force_login(self.alice)
        answer = self.client.get("/python/currentUserId/")
        self.assertEqual(answer.json(), {"ok": True, "userId": str(self.alice.pk)})
        self.assertIn("no-store", answer["Cache-Control"])

    def test_nobody(self):
        self.assertNobody()

    def test_cookies_that_are_none(self):
        for value in ("nonsense", "", "x" * 4000, "a;b", "é"):
            with self.subTest(value):
                self.assertNobody(HTTP_COOKIE=f"sessionid={value}")

    def test_a_session_that_has_expired(self):
        self.client.force_login(self.alice)
        Session.objects.update(expire_date=timezone.now() - timezone.timedelta(seconds=1))
        self.assertNobody()

    def test_a_user_who_was_made_inactive(self):
        self.client.force_login(self.alice)
        self.alice.is_active = False
        self.alice.save()
        self.assertNobody()

    @override_settings(
        AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.AllowAllUsersModelBackend"]
    )
    def test_an_inactive_user_whom_the_backend_lets_in(self):
        self.alice.is_active = False
        self.alice.save()
        self.client.force_login(self.alice)
        self.assertNobody()

    def test_a_user_who_was_deleted(self):
        self.client.force_login(self.alice)
        self.alice.delete()
        self.assertNobody()


class UnreadTest(AppMixin, TestCase):
    def setUp(self):
        self.alice, self.bob = make_user("alice"), make_user("bob")
        self.client.force_login(self.alice)

    def test_the_newest_20_and_how_many(self):
        stored = [notify(self.alice, NASTY) for _ in range(25)]
        notify(self.bob, "for bob")
        Notification.objects.filter(pk=stored[-1].pk).update(unread=False)
        answer = self.client.get("/python/unread/")
        told = answer.json()
        self.assertEqual(told["userId"], str(self.alice.pk))
        self.assertEqual(told["session"], session_mark(self.client.session.session_key))
        self.assertEqual(told["unread"], 24)
        newest = [str(row.key) for row in reversed(stored[4:24])]
        self.assertEqual([row["id"] for row in told["notifications"]], newest)
        self.assertEqual(told["notifications"][0]["verb"], NASTY)
        self.assertEqual(answer["Content-Type"], "application/json")
        self.assertEqual(answer["X-Content-Type-Options"], "nosniff")
        self.assertIn("no-store", answer["Cache-Control"])

    def test_10000_are_counted_to_100_with_as_many_queries_as_10(self):
        Notification.objects.bulk_create(
            Notification(recipient=self.alice, verb="many") for _ in range(10_000)
        )
        with self.assertNumQueries(4):  # session, user, count, rows
            told = self.client.get("/python/unread/").json()
        self.assertEqual((told["unread"], len(told["notifications"])), (100, 20))

    def test_one_that_is_stored_meanwhile_is_both_counted_and_told_or_neither(self):
        notify(self.alice, "before")
        asked = []

        def store_before_the_second_query(execute, sql, *args):
            if Notification._meta.db_table in sql and sql.startswith("SELECT"):
                asked.append(sql)
                if len(asked) == 2:
                    notify(self.alice, "meanwhile")
            return execute(sql, *args)

        with connection.execute_wrapper(store_before_the_second_query):
            told = self.client.get("/python/unread/").json()
        self.assertEqual(told["unread"], len(told["notifications"]))

    def test_an_anonymous_visitor(self):
        answer = Client().get("/python/unread/", HTTP_ACCEPT=HTML)
        self.assertEqual(answer.status_code, 401)
        self.assertEqual(answer.json(), {"ok": False, "error": "log in first"})


class ReadTest(AppMixin, TestCase):
    def setUp(self):
        self.alice, self.bob = make_user("alice"), make_user("bob")
        self.own = [notify(self.alice, "own") for _ in range(3)]
        self.others = notify(self.bob, "other")
        self.client.force_login(self.alice)

    def post(self, accept=JSON, client=None, **fields):
        return (client or self.client).post("/python/read/", fields, HTTP_ACCEPT=accept)

    def unread(self):
        return Notification.objects.filter(unread=True).count()

    def test_a_script_is_told_how_many(self):
        answer = self.post(key=[self.own[0].key, self.own[1].key, self.others.key])
        self.assertEqual(answer.json(), {"ok": True, "read": 2})
        self.assertEqual(self.unread(), 2)

    def test_all_of_ones_own(self):
        self.assertEqual(self.post(all="1").json(), {"ok": True, "read": 3})
        self.assertTrue(Notification.objects.get(pk=self.others.pk).unread)

    def test_a_form_goes_back_to_where_it_was(self):
        answer = self.post(HTML, key=self.own[0].key, next="/?page=2")
        self.assertRedirects(answer, "/?page=2")
        self.assertEqual(self.unread(), 3)

    def test_a_form_goes_nowhere_else(self):
        for path in ("", "https://evil.example/", "//evil.example", "javascript:alert(1)",
                     "/\\evil.example", "http:///evil.example", "\n//evil.example", "/\0"):
            with self.subTest(path):
                answer = self.post(HTML, all="1", next=path)
                self.assertIn(answer["Location"], ("/", "/%00"))

    def test_what_is_no_key(self):
        for key in ("", "1", "nonsense", "a\0b", f"{self.own[0].key}'--"):
            for accept in (JSON, HTML):
                with self.subTest(key, accept=accept):
                    answer = self.post(accept, key=key)
                    self.assertEqual(answer.status_code, 400)
                    self.assertIn(b"a key is not a UUID", answer.content)
        self.assertEqual(self.unread(), 4)

    def test_neither_keys_nor_all(self):
        for fields in ({}, {"all": "0"}):
            self.assertEqual(self.post(**fields).status_code, 400)
        self.assertEqual(self.unread(), 4)

    def test_a_key_of_nothing(self):
        self.assertEqual(self.post(key=uuid.uuid4()).json(), {"ok": True, "read": 0})

    def test_an_anonymous_visitor(self):
        answer = self.post(client=Client(), all="1")
        self.assertEqual((answer.status_code, answer.json()["ok"]), (401, False))
        answer = self.post(HTML, client=Client(), all="1", next="/?page=2")
        self.assertEqual(answer["Location"], "/login/?next=/%3Fpage%3D2")
        self.assertEqual(self.unread(), 4)

    def test_get_changes_nothing(self):
        self.assertEqual(self.client.get("/python/read/", {"all": "1"}).status_code, 405)
        self.assertEqual(self.unread(), 4)

    def test_without_a_token_nothing_changes(self):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(self.alice)
        answer = self.post(client=strict, all="1")
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(self.unread(), 4)
