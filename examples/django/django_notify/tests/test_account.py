# SPDX-License-Identifier: MIT
#
# What open pages are told when their user logs out, is deleted or made inactive.
from unittest import mock

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.http import HttpRequest
from django.test import TestCase, TransactionTestCase, override_settings

from django_notify import redis_link
from django_notify.channels import user_channel
from django_notify.payload import session_mark
from django_notify.tests.support import AppMixin, ListeningMixin, make_user


class AccountTest(ListeningMixin, AppMixin, TestCase):
    def setUp(self):
        super().setUp()
        self.alice = make_user("alice")
        self.channel = user_channel(self.alice.pk)

    def heard_after(self, change):
        with self.captureOnCommitCallbacks(execute=True):
            change()
        return self.listener.heard_json()

    def test_log_out_names_the_session_without_telling_it(self):
        self.client.force_login(self.alice)
        key = self.client.session.session_key
        heard = self.heard_after(self.client.logout)
        self.assertEqual(heard, [(self.channel, {"signed_out": session_mark(key)})])
        self.assertRegex(session_mark(key), r"\A[0-9a-f]{16}\Z")
        self.assertNotIn(key, str(heard))

    def test_a_log_in_and_out_by_other_means_than_a_session(self):
        for request in (None, HttpRequest()):
            for follow in ("user", "session"):
                with override_settings(NOTIFY_FOLLOW=follow):
                    for signal in (user_logged_in, user_logged_out):
                        signal.send(type(self.alice), request=request, user=self.alice)
        self.assertEqual(self.listener.heard(), [])

    def test_deleted(self):
        self.assertEqual(
            self.heard_after(self.alice.delete), [(self.channel, {"signed_out": True})]
        )

    def test_deleted_with_others(self):
        make_user("bob")
        heard = self.heard_after(get_user_model().objects.all().delete)
        self.assertEqual(len(heard), 2)

    def test_made_inactive_is_told_once(self):
        self.alice.is_active = False
        self.assertEqual(self.heard_after(self.alice.save), [(self.channel, {"signed_out": True})])
        self.assertEqual(self.heard_after(self.alice.save), [])

    def test_other_changes_are_nobodys_business(self):
        self.alice.first_name = "Alice"
        self.assertEqual(self.heard_after(self.alice.save), [])
        self.alice.is_active = False
        self.assertEqual(self.heard_after(lambda: self.alice.save(update_fields=["email"])), [])
        self.assertEqual(self.heard_after(lambda: make_user("gone", is_active=False)), [])

    def test_not_deleted_after_all(self):
        def change():
            try:
                with transaction.atomic():
                    self.alice.delete()
                    1 / 0
            except ZeroDivisionError:
                pass

        self.assertEqual(self.heard_after(change), [])

    def test_a_log_in_asks_nothing_more_of_the_database(self):
        with self.assertNumQueries(1):
            self.alice.save(update_fields=["last_login"])


class OrderTest(ListeningMixin, AppMixin, TransactionTestCase):
    """A page that hears of an end asks at once who is there: by then, nobody must be.

    Without transactions around the requests, as Django has it by default, each step counts.
    """

    def setUp(self):
        super().setUp()
        self.alice = make_user("alice")
        self.client.force_login(self.alice)

    def who_is_there_when_told(self, change):
        seen = []

        def publish(told):
            seen.append(self.client.get("/").context["user"].is_authenticated)
            return published(told)

        published = redis_link.publish
        with mock.patch.object(redis_link, "publish", publish):
            change()
        self.assertEqual(len(self.listener.heard()), 1)
        return seen

    def test_a_session_has_ended_when_its_end_is_told(self):
        # Like a second tab: the client that logs out forgets its cookie afterwards.
        log_out = self.client_class()
        log_out.cookies = self.client.cookies
        self.assertEqual(self.who_is_there_when_told(log_out.logout), [False])

    def test_a_user_is_inactive_when_it_is_told(self):
        self.alice.is_active = False
        self.assertEqual(self.who_is_there_when_told(self.alice.save), [False])

    def test_a_deleted_user_is_gone_when_it_is_told(self):
        self.assertEqual(self.who_is_there_when_told(self.alice.delete), [False])
