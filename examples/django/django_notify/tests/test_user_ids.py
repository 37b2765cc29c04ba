# SPDX-License-Identifier: MIT
#
# User ids that the gateway refuses: whoever sends to one is told so, and nobody else is bothered.
from types import SimpleNamespace

from django.test import SimpleTestCase, TestCase

from django_notify import RefusedUserId, mint_uuid_cookie, notify
from django_notify.models import Notification
from django_notify.push import push
from django_notify.tests.support import AppMixin, ListeningMixin, make_user
from django_notify.user_ids import fault_of

TAKEN = (1, "12345", "auth0|5f7c", "o'brien@example.org", "José", "a=b", "用户", "x" * 255, "é" * 127)
REFUSED = {
    "it is nobody's": ("", None, "null", "None", "undefined", "false"),
    "it is not UTF-8": ("\ud800",),
    "it has 256 bytes, and may have 255": ("x" * 256, "é" * 128),
    "it may not hold a slash": ("a/b", "../1"),
    "it may not hold control characters": ("a\n", "\0", "\x7f", "\x85", "\u2028", "\u202e", "\u200b"),
    "it may not hold white space": (" ", "a b", "a\u00a0b", "\u2003", "\u3000", "\ufeff"),
}


class FaultTest(SimpleTestCase):
    def test_ids_as_people_have_them_are_taken(self):
        for user_id in TAKEN:
            self.assertEqual(fault_of(user_id), "", ascii(user_id))

    def test_what_the_gateway_refuses_is_refused_with_the_reason(self):
        for fault, user_ids in REFUSED.items():
            for user_id in user_ids:
                self.assertEqual(fault_of(user_id), fault, ascii(user_id))


class SendingTest(ListeningMixin, AppMixin, TestCase):
    def setUp(self):
        super().setUp()
        self.alice = make_user("alice")
        self.odd = SimpleNamespace(pk="a b", is_active=True)

    def test_notify_refuses_such_a_user_and_stores_nothing(self):
        with self.assertRaisesMessage(RefusedUserId, "the user id 'a b' is refused"):
            notify(self.odd, verb="x")
        self.assertFalse(Notification.objects.exists())

    def test_of_many_the_others_are_told_and_the_log_names_it(self):
        with self.assertLogs("django_notify", "ERROR") as logged:
            push([("a b", '"1"'), (self.alice.pk, '"2"')], "a notification for many")
        self.assertEqual(
            self.listener.heard_json(), [(f"/app/user/{self.alice.pk}/notifications", "2")]
        )
        [line] = logged.output
        self.assertIn("Not pushed: a notification for many to user 'a b'.", line)
        self.assertIn("The gateway refuses such user ids: it may not hold white space", line)

    def test_such_a_user_gets_no_uuid_cookie(self):
        with self.assertRaisesMessage(RefusedUserId, "it may not hold white space"):
            mint_uuid_cookie(self.odd)
