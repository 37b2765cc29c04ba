# SPDX-License-Identifier: MIT
#
# NOTIFY_FOLLOW = "session": each live session of a user has a channel of its own.
from unittest import mock

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import OperationalError, transaction
from django.test import Client, TestCase, override_settings
from django.utils import timezone

from django_notify import mark_as_read, notify, notify_all
from django_notify.models import UserSession
from django_notify.payload import session_mark
from django_notify.tests.support import AppMixin, ListeningMixin, make_user


@override_settings(NOTIFY_FOLLOW="session")
class SessionModeTest(ListeningMixin, AppMixin, TestCase):
    def setUp(self):
        super().setUp()
        self.alice, self.bob = make_user("alice"), make_user("bob")
        self.desk, self.phone = self.logged_in("alice"), self.logged_in("alice")
        self.of_bob = self.logged_in("bob")

    def logged_in(self, name):
        client = Client()
        client.force_login(get_user_model().objects.get(username=name))
        return client

    def channel(self, client):
        return f"notifications.{client.session.session_key}"

    def heard_after(self, change):
        with self.captureOnCommitCallbacks(execute=True):
            change()
        return self.listener.heard_json()

    def channels_after(self, change):
        return sorted(channel for channel, _ in self.heard_after(change))

    def both(self):
        return sorted([self.channel(self.desk), self.channel(self.phone)])

    def test_every_session_of_the_user_gets_it(self):
        self.assertEqual(self.channels_after(lambda: notify(self.alice, "said")), self.both())

    def test_for_all_everybodys_sessions(self):
        self.assertEqual(
            self.channels_after(lambda: notify_all("said")),
            sorted([*self.both(), self.channel(self.of_bob)]),
        )

    def test_a_database_that_fails_after_the_commit_fails_no_request(self):
        later, gone = mock.Mock(), OperationalError("it is gone")
        with mock.patch("django_notify.channels.live_sessions", side_effect=gone):
            with self.assertLogs("django_notify", "ERROR") as logs:
                with self.captureOnCommitCallbacks(execute=True):
                    notify(self.alice, "said")
                    transaction.on_commit(later)
        self.assertIn(f"to user {self.alice.pk}. ", logs.output[0])
        self.assertIn("it is gone", logs.output[0])
        later.assert_called_once_with()

    def test_read_in_one_is_read_in_all(self):
        notify(self.alice, "said")
        heard = self.heard_after(lambda: mark_as_read(self.alice))
        self.assertEqual(sorted(channel for channel, _ in heard), self.both())
        self.assertEqual(heard[0][1], {"mark_as_read": True})

    @override_settings(NOTIFY_SESSION_CHANNEL="s/{session}/n")
    def test_the_channel_is_a_setting(self):
        [(channel, _)] = self.heard_after(lambda: notify(self.bob, "said"))
        self.assertEqual(channel, f"s/{self.of_bob.session.session_key}/n")

    def test_an_expired_session_gets_nothing(self):
        Session.objects.filter(pk=self.phone.session.session_key).update(
            expire_date=timezone.now() - timezone.timedelta(seconds=1)
        )
        self.assertEqual(
            self.channels_after(lambda: notify(self.alice, "said")), [self.channel(self.desk)]
        )

    def test_log_out_ends_that_session_only(self):
        key, channel = self.desk.session.session_key, self.channel(self.desk)
        heard = self.heard_after(self.desk.logout)
        self.assertEqual(heard, [(channel, {"signed_out": session_mark(key)})])
        self.assertFalse(UserSession.objects.filter(session_key=key).exists())
        self.assertEqual(
            self.channels_after(lambda: notify(self.alice, "said")), [self.channel(self.phone)]
        )

    def test_a_deleted_user_is_told_in_each_session(self):
        both = self.both()
        heard = self.heard_after(self.alice.delete)
        self.assertEqual(sorted(channel for channel, _ in heard), both)
        self.assertEqual(heard[0][1], {"signed_out": True})

    def test_a_new_key_without_a_log_in_is_followed_from_the_next_page_on(self):
        session = self.of_bob.session
        session.cycle_key()
        self.of_bob.cookies["sessionid"] = session.session_key
        self.assertEqual(self.channels_after(lambda: notify(self.bob, "said")), [])
        self.assertEqual(self.of_bob.get("/").status_code, 200)
        self.assertEqual(
            self.channels_after(lambda: notify(self.bob, "said")), [self.channel(self.of_bob)]
        )

    def test_dead_sessions_are_forgotten_at_the_next_log_in(self):
        Session.objects.filter(pk=self.phone.session.session_key).delete()
        new = self.logged_in("alice")
        keys = UserSession.objects.filter(user=self.alice).values_list("session_key", flat=True)
        self.assertEqual(
            sorted(keys), sorted([self.desk.session.session_key, new.session.session_key])
        )

    def test_another_user_in_the_same_browser_takes_the_session_over(self):
        self.desk.force_login(self.bob)
        self.assertEqual(
            self.channels_after(lambda: notify(self.alice, "said")), [self.channel(self.phone)]
        )
