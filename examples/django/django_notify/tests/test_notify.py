# SPDX-License-Identifier: MIT
#
# notify(): what it stores, publishes and refuses.
import uuid
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import TestCase, TransactionTestCase, override_settings

import django_notify
from django_notify import notify, notify_all
from django_notify.models import NOTIFY_MAX, Notification
from django_notify.tests.support import (
    EMOJI,
    NASTY,
    RIGHT_TO_LEFT,
    AppMixin,
    ListeningMixin,
    make_user,
)


class NotifyTest(ListeningMixin, AppMixin, TestCase):
    def setUp(self):
        super().setUp()
        self.alice = make_user("alice")

    def published(self, **texts):
        with self.captureOnCommitCallbacks(execute=True):
            stored = notify(self.alice, **texts)
        [(channel, payload)] = self.listener.heard_json()
        return stored, channel, payload

    def test_it_stores_and_publishes_the_same(self):
        stored, channel, payload = self.published(
            verb="commented on",
            actor="bob",
            target="Your photo",
            description="Nice",
            level="success",
        )
        self.assertEqual(Notification.objects.get(), stored)
        self.assertTrue(stored.unread)
        self.assertEqual(channel, f"/app/user/{self.alice.pk}/notifications")
        sent_at = datetime.fromisoformat(payload.pop("timestamp"))
        self.assertEqual(sent_at, stored.timestamp)
        self.assertEqual(sent_at.utcoffset(), timedelta(0))
        self.assertEqual(
            payload,
            {
                "id": str(stored.key),
                "actor": "bob",
                "verb": "commented on",
                "target": "Your photo",
                "description": "Nice",
                "truncated": False,
                "level": "success",
            },
        )

    def test_a_long_description_is_stored_whole_and_sent_in_part(self):
        text = "é" * NOTIFY_MAX
        stored, _, payload = self.published(verb="wrote", description=text)
        stored.refresh_from_db()
        self.assertEqual(stored.description, text)
        self.assertEqual(payload["description"], "é" * 500)
        self.assertTrue(payload["truncated"])

    def test_500_characters_are_not_truncated(self):
        _, _, payload = self.published(verb="wrote", description="x" * 500)
        self.assertEqual((payload["description"], payload["truncated"]), ("x" * 500, False))

    def test_any_text_arrives_as_it_is(self):
        for text in (NASTY, EMOJI, RIGHT_TO_LEFT, "a\nb\t\\\"'"):
            with self.subTest(text):
                _, _, payload = self.published(verb=text, actor=text, target=text, description=text)
                for field in ("verb", "actor", "target", "description"):
                    self.assertEqual(payload[field], text)

    def test_text_is_published_as_utf8_not_escaped(self):
        with self.captureOnCommitCallbacks(execute=True):
            notify(self.alice, EMOJI)
        [(_, text)] = self.listener.heard()
        self.assertIn(EMOJI, text)

    def test_none_is_an_empty_text(self):
        stored, _, _ = self.published(verb="left", actor=None, target=None, description=None)
        self.assertEqual((stored.actor, stored.target, stored.description), ("", "", ""))

    @override_settings(NOTIFY_DETAIL_URL="one")
    def test_where_one_has_a_page_its_url_is_sent(self):
        stored, _, payload = self.published(verb="left")
        self.assertEqual(payload["url"], f"/notifications/{stored.key}/")

    def test_what_can_not_be_stored_or_sent_is_refused_by_name(self):
        bad = {
            "verb": ("", None, "x" * 256, "a\0b", "\ud800"),
            "actor": ("x" * 256, "a\0b", "\udfff"),
            "target": ("x" * 256, "a\0b", "a\ud83d"),
            "description": ("x" * (NOTIFY_MAX + 1), "a\0b", "\ud83d"),
            "level": ("", "debug", "INFO", None),
        }
        for field, values in bad.items():
            for value in values:
                with self.subTest(field=field, value=repr(value)[:20]):
                    with self.assertRaises(ValidationError) as caught:
                        notify(self.alice, **{"verb": "said", field: value})
                    self.assertEqual(list(caught.exception.message_dict), [field])
        self.assertFalse(Notification.objects.exists())
        self.assertEqual(self.listener.heard(), [])

    def test_who_is_no_user_is_refused_by_name(self):
        for nobody in ("alice", None, type(self.alice)(username="not saved")):
            with self.subTest(nobody=nobody), self.assertRaisesMessage(TypeError, repr(nobody)):
                notify(nobody, "says hello")
            with self.subTest(nobody=nobody), self.assertRaisesMessage(TypeError, repr(nobody)):
                notify_all("says hello", users=[self.alice, nobody])

    def test_keys_are_random(self):
        keys = {notify(self.alice, "said").key for _ in range(3)}
        self.assertEqual([key.version for key in keys], [4, 4, 4])
        self.assertTrue(all(isinstance(key, uuid.UUID) for key in keys))

    def test_the_package_has_the_public_names(self):
        for name in django_notify.__all__:
            self.assertTrue(callable(getattr(django_notify, name)))
        with self.assertRaisesMessage(AttributeError, "no attribute 'notify_none'"):
            django_notify.notify_none


class CommitTest(ListeningMixin, AppMixin, TransactionTestCase):
    def setUp(self):
        super().setUp()
        self.alice = make_user("alice")

    def test_without_a_transaction_it_is_published_at_once(self):
        notify(self.alice, "said")
        self.assertEqual(len(self.listener.heard()), 1)

    def test_in_a_transaction_it_is_published_after_the_commit(self):
        with transaction.atomic():
            notify(self.alice, "said")
            self.assertEqual(self.listener.heard(), [])
        self.assertEqual(len(self.listener.heard()), 1)

    def test_rolled_back_nothing_is_stored_or_published(self):
        with self.assertRaises(ZeroDivisionError), transaction.atomic():
            notify(self.alice, "said")
            1 / 0
        self.assertEqual(self.listener.heard(), [])
        self.assertFalse(Notification.objects.exists())

    def test_only_the_savepoint_that_is_rolled_back_is_silent(self):
        with transaction.atomic():
            notify(self.alice, "first")
            try:
                with transaction.atomic():
                    notify(self.alice, "second")
                    1 / 0
            except ZeroDivisionError:
                pass
        self.assertEqual([payload["verb"] for _, payload in self.listener.heard_json()], ["first"])
