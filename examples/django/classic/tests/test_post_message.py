# SPDX-License-Identifier: MIT
#
# /python/postMessage/: who may post what to whom.
from django.test import Client, TestCase, override_settings

from django_notify.models import NOTIFY_MAX
from django_notify.tests.support import (
    EMOJI,
    HTML,
    JSON,
    NASTY,
    RIGHT_TO_LEFT,
    ListeningMixin,
    RedisMixin,
    make_user,
    redis_away,
)

URL = "/python/postMessage/"


class PostMessageTest(ListeningMixin, RedisMixin, TestCase):
    def setUp(self):
        super().setUp()
        self.bob, self.carol = make_user("bob"), make_user("carol")
        self.staff = make_user("alice", is_staff=True)
        self.client.force_login(self.bob)

    def post(self, to=None, text="Hey", client=None, accept=JSON):
        fields = {"user-id": self.bob.pk if to is None else to, "message-text": text}
        return (client or self.client).post(URL, fields, HTTP_ACCEPT=accept)

    def assertRefused(self, answer, status, *parts):
        self.assertEqual(answer.status_code, status)
        self.assertFalse(answer.json()["ok"])
        for part in parts:
            self.assertIn(part, answer.json()["error"])
        self.assertEqual(self.listener.heard(), [])

    def test_to_oneself_any_text_as_it_is(self):
        for text in ("Hey", NASTY, EMOJI, RIGHT_TO_LEFT, "a\0b", " ", "é" * NOTIFY_MAX):
            with self.subTest(text[:20]):
                self.assertEqual(self.post(text=text).json(), {"ok": True, "receivers": 1})
                channel = f"/app/user/{self.bob.pk}/notifications"
                self.assertEqual(self.listener.heard(), [(channel, text)])

    def test_to_others_only_staff(self):
        self.assertRefused(self.post(self.carol.pk), 403, "only staff", str(self.bob.pk))
        for spelling in (f"0{self.bob.pk}", f"+{self.bob.pk}"):
            self.assertRefused(self.post(spelling), 403)
        self.client.force_login(self.staff)
        self.assertTrue(self.post(self.carol.pk).json()["ok"])
        self.assertTrue(self.post("anyone@example.org").json()["ok"])
        self.assertEqual(len(self.listener.heard()), 2)

    def test_what_is_no_user_id(self):
        self.client.force_login(self.staff)
        bad = ("", " 1", "1/notifications", "a b", "x" * 256, "1\n", "null", "None")
        for user_id in bad:
            self.assertRefused(self.post(user_id), 400, "user-id")

    def test_what_is_no_message(self):
        self.assertRefused(self.post(text=""), 400, "message-text is empty")
        self.assertRefused(self.post(text="x" * (NOTIFY_MAX + 1)), 400, "131072")
        self.assertRefused(self.client.post(URL), 400, "user-id")

    def test_who_is_not_logged_in(self):
        self.assertRefused(self.post(client=Client()), 401, "log in first")
        answer = self.post(client=Client(), accept=HTML)
        self.assertRedirects(answer, "/login/?next=/python/notifications/")
        self.assertEqual(self.listener.heard(), [])

    def test_without_the_token(self):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(self.bob)
        self.assertRefused(self.post(client=strict), 403, "reload the page")
        answer = self.post(client=strict, accept=HTML)
        self.assertContains(answer, "The page was too old", status_code=403)

    def test_only_post_posts(self):
        self.assertEqual(self.client.get(URL).status_code, 405)

    def test_redis_away(self):
        with redis_away() as url, override_settings(NOTIFY_REDIS=url):
            with self.assertLogs("classic", "ERROR") as logs:
                answer = self.post(text="a secret")
        self.assertRefused(answer, 503, "Redis")
        self.assertIn(url, logs.output[0])
        self.assertNotIn("a secret", logs.output[0])


class PageTest(RedisMixin, TestCase):
    def test_it_needs_a_log_in(self):
        url = "/python/notifications/"
        self.assertRedirects(self.client.get(url), f"/login/?next={url}")
        bob = make_user("bob")
        self.client.force_login(bob)
        page = self.client.get(url)
        self.assertContains(page, 'data-uuid-url="/python/uuidCookie/"')
        self.assertContains(page, f'name="user-id" value="{bob.pk}"')
        self.assertContains(page, "csrfmiddlewaretoken")
        self.assertContains(page, 'src="/socket.io/notify-client.js"')
        with override_settings(NOTIFY_GATEWAY="http://127.0.0.1:3000"):
            page = self.client.get(url)
        self.assertContains(page, 'data-gateway="http://127.0.0.1:3000"')
        for script in ("socket.io.min.js", "notify-client.js"):
            self.assertContains(page, f'src="http://127.0.0.1:3000/socket.io/{script}"')
