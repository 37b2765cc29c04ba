# SPDX-License-Identifier: MIT
#
# The form that sends to one user or to all.
import re
import uuid
from unittest import mock

from django.db import OperationalError
from django.test import Client, TestCase, override_settings

from django_notify.channels import user_channel
from django_notify.models import NOTIFY_MAX, Notification
from django_notify.tests.support import (
    EMOJI,
    HTML,
    NASTY,
    RIGHT_TO_LEFT,
    ListeningMixin,
    RedisMixin,
    make_user,
    redis_away,
)


class SendTest(ListeningMixin, RedisMixin, TestCase):
    def setUp(self):
        super().setUp()
        self.alice, self.bob = make_user("alice"), make_user("bob")
        make_user("gone", is_active=False)
        self.client.force_login(self.alice)

    def post(self, **fields):
        fields = {"to": "bob", "verb": "greets", "level": "info", **fields}
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post("/send/", fields)

    def assertRefused(self, field, **fields):
        with self.subTest(field, fields=str(fields)[:60]):
            answer = self.post(**fields)
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(list(answer.context["form"].errors), [field])
            self.assertNotContains(answer, "<script>alert")
            self.assertFalse(Notification.objects.exists())
            self.assertEqual(self.listener.heard(), [])

    def test_to_one_user(self):
        answer = self.post(target="bob", description="Hello", level="success")
        self.assertRedirects(answer, "/send/", fetch_redirect_response=False)
        self.assertContains(self.client.get("/send/"), "Sent to bob.")
        stored = Notification.objects.get()
        self.assertEqual(
            (stored.recipient, stored.actor, stored.verb, stored.target, stored.description,
             stored.level),
            (self.bob, "alice", "greets", "bob", "Hello", "success"),
        )
        [(channel, payload)] = self.listener.heard_json()
        self.assertEqual((channel, payload["actor"]), (user_channel(self.bob.pk), "alice"))

    def test_to_all_active_users(self):
        self.post(to="", everyone="on")
        self.assertContains(self.client.get("/send/"), "Sent to all 2 users.")
        self.assertEqual(
            {channel for channel, _ in self.listener.heard()},
            {user_channel(self.alice.pk), user_channel(self.bob.pk)},
        )

    def test_one_form_sends_once_however_often_it_is_sent(self):
        for fields in ({"to": "bob"}, {"to": "", "everyone": "on"}):
            once = self.client.get("/send/").context["form"]["once"].value()
            for _ in range(2):
                answer = self.post(**fields, once=once)
            self.assertRedirects(answer, "/send/", fetch_redirect_response=False)
            self.assertContains(self.client.get("/send/"), "was not sent again")
        self.assertEqual(Notification.objects.filter(recipient=self.bob).count(), 2)
        self.assertEqual(len(self.listener.heard()), 3)

    def test_the_second_click_need_not_wait_for_the_answer_to_the_first(self):
        once = uuid.uuid4()
        notified = []

        def notify(*args, **kwargs):
            notified.append(args)
            if len(notified) == 1:
                self.post(once=once)

        with mock.patch("inbox.forms.notify", notify):
            self.post(once=once)
        self.assertEqual(len(notified), 1)

    def test_what_has_failed_may_be_sent_again(self):
        once = uuid.uuid4()
        with mock.patch("inbox.forms.notify", side_effect=OperationalError):
            with self.assertRaises(OperationalError):
                self.post(once=once)
        self.post(once=once)
        self.assertEqual(Notification.objects.count(), 1)

    def test_the_form_has_what_tells_it_from_others(self):
        first, second = (self.client.get("/send/").content.decode() for _ in range(2))
        once = r'<input type="hidden" name="once" value="([-0-9a-f]{36})"'
        self.assertNotEqual(re.search(once, first)[1], re.search(once, second)[1])

    def test_redis_away_it_is_sent_all_the_same(self):
        with redis_away() as url, override_settings(NOTIFY_REDIS=url):
            with self.assertLogs("django_notify", "ERROR"):
                self.assertEqual(self.post().status_code, 302)
        self.assertTrue(Notification.objects.exists())

    def test_any_text_is_sent_as_it_is(self):
        for text in (NASTY, EMOJI, RIGHT_TO_LEFT):
            self.post(verb=text, target=text, description=text)
            stored = Notification.objects.first()
            self.assertEqual({stored.verb, stored.target, stored.description}, {text.strip()})

    def test_100_kb_with_lines(self):
        text = ("x" * 99 + "\n") * 1024 + "é"
        self.post(description=text.replace("\n", "\r\n"))
        self.assertEqual(Notification.objects.get().description, text)

    def test_the_longest_description_may_be_of_emoji(self):
        self.post(description="😀" * NOTIFY_MAX)
        self.assertEqual(len(Notification.objects.get().description), NOTIFY_MAX)

    def test_to_whom_is_missing_or_unknown_or_inactive(self):
        for name in ("", " ", "nobody", "gone", "Bob", "x" * 151, "a\0b", NASTY):
            self.assertRefused("to", to=name)

    def test_one_and_all_is_one_too_many(self):
        self.assertRefused("to", everyone="on")

    def test_texts_that_are_none(self):
        for text in ("", " ", "x" * 256, "a\0b"):
            self.assertRefused("verb", verb=text)
        for text in ("x" * 256, "a\0b"):
            self.assertRefused("target", target=text)
        for text in ("x" * (NOTIFY_MAX + 1), "a\0b"):
            self.assertRefused("description", description=text)
        for text in ("", "debug", NASTY):
            self.assertRefused("level", level=text)

    def test_the_actor_is_who_is_logged_in(self):
        self.post(actor="root", recipient=self.alice.pk, unread="")
        stored = Notification.objects.get()
        self.assertEqual(
            (stored.actor, stored.recipient, stored.unread), ("alice", self.bob, True)
        )

    def test_a_form_in_another_encoding_is_read_as_utf8(self):
        body = rb"to=bob&level=info&verb=\ud800%ED%A0%80"
        for charset in ("unicode_escape", "base64", "undefined", "utf-7", "nonsense"):
            with self.subTest(charset):
                kind = f"application/x-www-form-urlencoded; charset={charset}"
                answer = self.client.generic("POST", "/send/", body, content_type=kind)
                self.assertEqual(answer.status_code, 302)
                self.assertEqual(Notification.objects.first().verb, "\\ud800\ufffd\ufffd\ufffd")

    def test_too_much_is_refused(self):
        self.assertEqual(self.post(description="x" * 3_000_000).status_code, 400)

    def test_who_is_not_logged_in_sends_nothing(self):
        answer = Client().post("/send/", {"to": "bob", "verb": "greets", "level": "info"})
        self.assertRedirects(answer, "/login/?next=/send/")
        self.assertFalse(Notification.objects.exists())

    def test_without_the_token_nothing_is_sent(self):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(self.alice)
        fields = {"to": "bob", "verb": "greets", "level": "info"}
        answer = strict.post("/send/", fields, HTTP_ACCEPT=HTML)
        self.assertContains(answer, "reload the page", status_code=403)
        self.assertFalse(Notification.objects.exists())
