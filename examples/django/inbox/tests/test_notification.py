# SPDX-License-Identifier: MIT
#
# The page of one notification.
import uuid

from django.test import Client, TestCase

from django_notify import mark_as_read, notify
from django_notify.tests.support import NASTY, make_user


class NotificationTest(TestCase):
    def setUp(self):
        self.alice, self.bob = make_user("alice"), make_user("bob")
        self.stored = notify(self.alice, NASTY, description="x" * 100_000 + NASTY)
        self.url = self.stored.get_absolute_url()
        self.client.force_login(self.alice)

    def test_it_is_shown_whole_and_as_text(self):
        answer = self.client.get(self.url)
        self.assertContains(answer, "x" * 100_000)
        self.assertNotContains(answer, "<script>alert")
        self.assertContains(answer, "Mark as read")
        self.assertIn("no-store", answer["Cache-Control"])

    def test_read_it_is_still_there_without_the_button(self):
        mark_as_read(self.alice)
        self.assertNotContains(self.client.get(self.url), "Mark as read")

    def test_somebody_elses_is_not_found_like_one_that_does_not_exist(self):
        self.client.force_login(self.bob)
        for path in (self.url, f"/notifications/{uuid.uuid4()}/", "/notifications/1/"):
            answer = self.client.get(path)
            self.assertContains(answer, "Not found", status_code=404)
            self.assertIn("Content-Security-Policy", answer)

    def test_who_is_not_logged_in_logs_in_first(self):
        self.assertRedirects(Client().get(self.url), f"/login/?next={self.url}")
