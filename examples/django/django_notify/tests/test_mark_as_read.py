# SPDX-License-Identifier: MIT
#
# mark_as_read(): one's own only, by key or all, and every open page is told.
import uuid

from django.core.exceptions import ValidationError
from django.test import TestCase

from django_notify import mark_as_read, notify
from django_notify.channels import user_channel
from django_notify.models import Notification
from django_notify.tests.support import AppMixin, ListeningMixin, make_user


class MarkAsReadTest(ListeningMixin, AppMixin, TestCase):
    def setUp(self):
        super().setUp()
        self.alice, self.bob = make_user("alice"), make_user("bob")
        self.first, self.second = notify(self.alice, "first"), notify(self.alice, "second")
        self.others = notify(self.bob, "other")

    def marked(self, user, keys=None):
        with self.captureOnCommitCallbacks(execute=True):
            count = mark_as_read(user, keys)
        return count, self.listener.heard_json()

    def unread(self):
        return sorted(Notification.objects.filter(unread=True).values_list("verb", flat=True))

    def test_one_by_its_key(self):
        count, heard = self.marked(self.alice, [self.first.key])
        self.assertEqual(count, 1)
        self.assertEqual(
            heard, [(user_channel(self.alice.pk), {"mark_as_read": [str(self.first.key)]})]
        )
        self.assertEqual(self.unread(), ["other", "second"])

    def test_all(self):
        count, heard = self.marked(self.alice)
        self.assertEqual(count, 2)
        self.assertEqual(heard, [(user_channel(self.alice.pk), {"mark_as_read": True})])
        self.assertEqual(self.unread(), ["other"])

    def test_somebody_elses_stays_unread_and_is_not_told(self):
        count, heard = self.marked(self.alice, [self.others.key, str(uuid.uuid4())])
        self.assertEqual((count, heard), (0, []))
        self.assertEqual(self.unread(), ["first", "other", "second"])

    def test_what_was_read_before_is_not_counted_but_told_again(self):
        keys = [str(self.first.key), str(self.first.key)]
        self.assertEqual(self.marked(self.alice, keys)[0], 1)
        count, heard = self.marked(self.alice, keys)
        self.assertEqual(count, 0)
        self.assertEqual(heard[0][1], {"mark_as_read": [str(self.first.key)]})

    def test_a_key_that_is_none_is_refused(self):
        for key in ("1", "", "nonsense", "a\0b", f"{self.first.key}x", "\ud800"):
            with self.subTest(repr(key)), self.assertRaises(ValidationError):
                mark_as_read(self.alice, [key])
        self.assertEqual(self.unread(), ["first", "other", "second"])

    def test_2500_keys(self):
        rows = [Notification(recipient=self.alice, verb="many") for _ in range(2500)]
        Notification.objects.bulk_create(rows)
        count, heard = self.marked(self.alice, [row.key for row in rows])
        self.assertEqual(count, 2500)
        keys = [key for _, payload in heard for key in payload["mark_as_read"]]
        self.assertEqual(sorted(keys), sorted(str(row.key) for row in rows))
