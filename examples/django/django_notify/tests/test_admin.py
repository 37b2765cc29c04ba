# SPDX-License-Identifier: MIT
#
# Notifications in the admin: found, added, and told to the pages.
from django.contrib.auth import get_user_model
from django.test import TestCase

from django_notify import notify
from django_notify.models import Notification
from django_notify.tests.support import NASTY, AppMixin, ListeningMixin, make_user

URL = "/admin/django_notify/notification/"


class AdminTest(ListeningMixin, AppMixin, TestCase):
    def setUp(self):
        super().setUp()
        self.root = get_user_model().objects.create_superuser("root")
        self.bob = make_user("bob")
        self.client.force_login(self.root)

    def test_only_staff_gets_in(self):
        self.client.force_login(self.bob)
        self.assertRedirects(self.client.get(URL), f"/admin/login/?next={URL}")

    def test_it_lists_searches_and_escapes(self):
        notify(self.bob, NASTY)
        for query in ("", "?q=alert", "?q=bob", "?unread__exact=1", "?level__exact=info"):
            answer = self.client.get(URL + query)
            self.assertContains(answer, "1 notification")
            self.assertNotContains(answer, "<script>alert")
        self.assertContains(self.client.get(URL + "?q=nothing"), "0 notifications")
        self.assertEqual(self.client.get(URL + "?q=%00").status_code, 200)

    def save(self, url, **fields):
        when = {"timestamp_0": "2024-05-06", "timestamp_1": "07:08:09"}
        common = {"recipient": self.bob.pk, "verb": "added", "level": "info", **when}
        return self.heard_after(url, {**common, **fields})

    def heard_after(self, url, fields):
        with self.captureOnCommitCallbacks(execute=True):
            answer = self.client.post(url, fields)
        self.assertRedirects(answer, URL)
        return [payload for _, payload in self.listener.heard_json()]

    def test_one_that_is_added_is_published(self):
        [payload] = self.save(URL + "add/", unread="on")
        stored = Notification.objects.get()
        self.assertEqual((payload["id"], payload["verb"]), (str(stored.key), "added"))
        self.assertEqual(payload["timestamp"], "2024-05-06T07:08:09+00:00")

    def test_one_that_is_marked_as_read_is_cleared_in_the_pages(self):
        stored = notify(self.bob, "added")
        change = f"{URL}{stored.pk}/change/"
        self.assertEqual(self.save(change), [{"mark_as_read": [str(stored.key)]}])
        self.assertEqual(self.save(change), [])

    def test_one_that_is_unread_again_is_shown_again(self):
        stored = notify(self.bob, "added")
        change = f"{URL}{stored.pk}/change/"
        self.save(change)
        [payload] = self.save(change, unread="on")
        self.assertEqual(payload["id"], str(stored.key))

    def test_one_that_is_there_goes_to_nobody_else(self):
        stored = notify(self.bob, "added")
        self.save(f"{URL}{stored.pk}/change/", unread="on", recipient=self.root.pk)
        stored.refresh_from_db()
        self.assertEqual(stored.recipient, self.bob)

    def test_those_that_are_deleted_are_cleared_in_the_pages(self):
        first, *others = [notify(self.bob, "added") for _ in range(3)]
        heard = self.heard_after(f"{URL}{first.pk}/delete/", {"post": "yes"})
        self.assertEqual(heard, [{"mark_as_read": [str(first.key)]}])
        chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in others]}
        heard = self.heard_after(URL, {**chosen, "post": "yes"})
        keys = sorted(key for payload in heard for key in payload["mark_as_read"])
        self.assertEqual(keys, sorted(str(row.key) for row in others))
        self.assertFalse(Notification.objects.exists())
