# SPDX-License-Identifier: MIT
#
# The home page: what is unread, one's own only, and at one price however much there is.
import re

from django.contrib.sessions.models import Session
from django.test import TestCase
from django.utils import timezone

from django_notify import notify
from django_notify.models import Notification
from django_notify.tests.support import EMOJI, NASTY, RIGHT_TO_LEFT, make_user

ROW = re.compile(r'<li [^>]*data-key="')


def store(user, count, **texts):
    Notification.objects.bulk_create(
        Notification(recipient=user, **{"verb": f"number {n}", **texts}) for n in range(count)
    )


class HomeTest(TestCase):
    def setUp(self):
        self.alice, self.bob = make_user("alice"), make_user("bob")
        self.client.force_login(self.alice)

    def rows(self, path="/"):
        return len(ROW.findall(self.client.get(path).content.decode()))

    def test_it_shows_what_is_unread_and_ones_own_newest_first(self):
        for text in ("first one", "second one", "third one"):
            notify(self.alice, text)
        notify(self.bob, "for bob only")
        Notification.objects.filter(verb="second one").update(unread=False)
        html = self.client.get("/").content.decode()
        self.assertLess(html.index("third one"), html.index("first one"))
        self.assertNotIn("second one", html)
        self.assertNotIn("for bob only", html)

    def test_any_text_is_text(self):
        for text in (NASTY, EMOJI, RIGHT_TO_LEFT):
            notify(self.alice, text, actor=text, target=text, description=text)
        html = self.client.get("/").content.decode()
        self.assertNotIn("<script>alert", html)
        self.assertNotIn("<img src=x", html)
        self.assertEqual(html.count(EMOJI), 4)
        self.assertEqual(html.count(RIGHT_TO_LEFT), 4)

    def test_20_on_a_page(self):
        store(self.alice, 45)
        self.assertEqual([self.rows(f"/?page={n}") for n in (1, 2, 3)], [20, 20, 5])
        html = self.client.get("/?page=2").content.decode()
        self.assertIn("?page=1", html)
        self.assertIn("?page=3", html)

    def test_page_numbers_that_are_none(self):
        store(self.alice, 45)
        for number in ("4", "999999999", "9" * 30):
            self.assertEqual(self.rows(f"/?page={number}"), 5, number)
        for number in ("0", "-1", "", "x", "1.5", "%00", "9" * 5000):
            self.assertEqual(self.rows(f"/?page={number}"), 20, number[:10])

    def test_page_numbers_where_there_is_nothing(self):
        self.assertEqual(self.rows("/?page=7"), 0)

    def test_10000_cost_as_many_queries_as_10_and_a_page_is_no_larger(self):
        store(self.alice, 10)
        with self.assertNumQueries(4):  # session, user, count, rows
            self.assertEqual(self.rows(), 10)
        store(self.alice, 9_990)
        with self.assertNumQueries(4) as queries:
            html = self.client.get("/").content.decode()
        self.assertEqual(len(ROW.findall(html)), 20)
        self.assertIn(">99+<", html)
        self.assertNotRegex(html, r">10[,.]?000<")
        [count] = [query["sql"] for query in queries if "COUNT" in query["sql"]]
        self.assertIn("LIMIT 100", count)
        small = len(html)
        Notification.objects.filter(recipient=self.alice).update(description="x" * 131072)
        self.assertLess(len(self.client.get("/").content.decode()), small + 20 * 600)

    def test_the_last_of_10000_is_reached(self):
        store(self.alice, 10_000)
        with self.assertNumQueries(4):
            html = self.client.get("/?page=500").content.decode()
        self.assertIn("number 0<", html)
        self.assertIn(">99+<", html)
        self.assertIn('data-unread="100"', html)
        self.assertEqual(self.rows("/?page=501"), 20)
        self.assertIn("number 0<", self.client.get("/?page=501").content.decode())

    def test_99_are_not_99_plus(self):
        store(self.alice, 99)
        self.assertContains(self.client.get("/"), ">99<")
        self.assertNotContains(self.client.get("/"), ">99+<")

    def test_who_is_not_logged_in_logs_in_first(self):
        Session.objects.update(expire_date=timezone.now() - timezone.timedelta(seconds=1))
        self.assertRedirects(self.client.get("/?page=2"), "/login/?next=/%3Fpage%3D2")
        self.client.logout()
        self.assertRedirects(self.client.get("/"), "/login/?next=/")

    def test_who_is_deleted_logs_in_first(self):
        self.alice.delete()
        self.assertRedirects(self.client.get("/"), "/login/?next=/")

    def test_no_cache_keeps_it_and_nothing_foreign_runs_in_it(self):
        answer = self.client.get("/")
        self.assertIn("no-store", answer["Cache-Control"])
        self.assertIn("default-src 'self'", answer["Content-Security-Policy"])
        inline = r"<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle="
        self.assertNotRegex(answer.content.decode(), inline)
