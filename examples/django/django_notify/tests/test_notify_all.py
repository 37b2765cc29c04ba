# SPDX-License-Identifier: MIT
#
# notify_all(): who is told, all or none, and in few round trips.
from unittest import mock

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase, TransactionTestCase
from redis.connection import UnixDomainSocketConnection as Connection

from django_notify import notify_all
from django_notify.channels import user_channel
from django_notify.models import Notification
from django_notify.tests.support import AppMixin, ListeningMixin, make_user


class NotifyAllTest(ListeningMixin, AppMixin, TestCase):
    def setUp(self):
        super().setUp()
        self.alice, self.bob = make_user("alice"), make_user("bob")
        self.gone = make_user("gone", is_active=False)

    def told(self, **arguments):
        with self.captureOnCommitCallbacks(execute=True):
            count = notify_all("goes down", **arguments)
        return count, self.listener.heard_json()

    def test_all_active_users_are_told_each_by_a_notification_of_their_own(self):
        count, heard = self.told(actor="The site", level="warning")
        self.assertEqual(count, 2)
        self.assertEqual(
            {channel for channel, _ in heard},
            {user_channel(self.alice.pk), user_channel(self.bob.pk)},
        )
        stored = {str(row.key): row.recipient_id for row in Notification.objects.all()}
        self.assertEqual(len(stored), 2)
        for channel, payload in heard:
            self.assertEqual(channel, user_channel(stored[payload["id"]]))
            self.assertEqual((payload["actor"], payload["level"]), ("The site", "warning"))

    def test_some_users_given_as_a_list_or_a_query_set(self):
        someone = get_user_model().objects.filter(username="bob")
        for users in ([self.bob], iter([self.bob, self.bob]), someone, someone[:1]):
            count, heard = self.told(users=users)
            self.assertEqual(count, 1)
            self.assertEqual([channel for channel, _ in heard], [user_channel(self.bob.pk)])

    def test_nobody(self):
        self.assertEqual(self.told(users=[]), (0, []))

    def test_a_wrong_text_tells_nobody(self):
        with self.assertRaises(ValidationError):
            notify_all("x" * 256)
        self.assertFalse(Notification.objects.exists())

    def test_rolled_back_nobody_is_told(self):
        with self.captureOnCommitCallbacks(execute=True):
            try:
                with transaction.atomic():
                    notify_all("goes down")
                    1 / 0
            except ZeroDivisionError:
                pass
        self.assertEqual(self.listener.heard(), [])
        self.assertFalse(Notification.objects.exists())

    def test_texts_are_made_for_1000_at_a_time(self):
        users = [make_user(f"user-{number}") for number in range(5)]
        events = []

        def made(notification):
            events.append("text")
            return ""

        with mock.patch("django_notify.push.PIPELINE", 2), mock.patch(
            "django_notify.api.notification_payload", made
        ), mock.patch("django_notify.redis_link.publish", lambda pairs: events.append("sent")):
            with self.captureOnCommitCallbacks() as callbacks:
                notify_all("goes down", users=users)
            self.assertEqual(events, [])
            for callback in callbacks:
                callback()
        self.assertEqual(events, ["text", "text", "sent", "text", "text", "sent", "text", "sent"])

    def test_2500_users_take_three_round_trips(self):
        User = get_user_model()
        User.objects.bulk_create(
            User(username=f"user-{number}", password="!") for number in range(2498)
        )
        trips = []
        send = Connection.send_packed_command

        def counted(connection, command, **options):
            trips.append(command)
            return send(connection, command, **options)

        self.told(users=[self.alice])  # the connection is open now: what follows are messages only
        with mock.patch.object(Connection, "send_packed_command", counted):
            with self.captureOnCommitCallbacks(execute=True):
                self.assertEqual(notify_all("goes down"), 2500)
        self.assertEqual(len(trips), 3)
        self.assertEqual(len({channel for channel, _ in self.listener.heard()}), 2500)


class DeletedMeanwhileTest(ListeningMixin, AppMixin, TransactionTestCase):
    def test_nobody_is_told(self):
        alice, gone = make_user("alice"), make_user("gone")
        type(gone).objects.filter(pk=gone.pk).delete()
        self.listener.heard()
        with self.assertRaises(IntegrityError):
            notify_all("goes down", users=[alice, gone])
        self.assertFalse(Notification.objects.exists())
        self.assertEqual(self.listener.heard(), [])
