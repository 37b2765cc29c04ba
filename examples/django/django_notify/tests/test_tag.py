# SPDX-License-Identifier: MIT
#
# {% notify_inbox %} in a page that is not the inbox site's.
from datetime import datetime, timezone

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory, TestCase, override_settings

from django_notify import notify
from django_notify.models import Notification, UserSession
from django_notify.payload import session_mark
from django_notify.tests.support import NASTY, AppMixin, make_user


class TagTest(AppMixin, TestCase):
    def setUp(self):
        self.alice = make_user("alice")
        self.request = RequestFactory().get("/shop/?a=1&b=2")
        self.request.user = self.alice
        self.request.session = SessionStore()
        self.request.session.save()

    def render(self, arguments=""):
        page = Template("{% load notify %}<main>{% notify_inbox " + arguments + " %}</main>")
        return page.render(Context({"request": self.request}))

    def test_it_shows_the_list_and_what_the_script_needs(self):
        stored = notify(self.alice, "was sent", actor="Your order")
        html = self.render()
        for part in (
            f'data-key="{stored.key}"',
            "Your order",
            'data-follow="user"',
            f'data-user-id="{self.alice.pk}"',
            'data-unread-url="/python/unread/"',
            'data-uuid-url="/python/uuidCookie/"',
            f'data-session="{session_mark(self.request.session.session_key)}"',
            'action="/python/read/"',
            'name="csrfmiddlewaretoken"',
            'src="/socket.io/socket.io.min.js"',
        ):
            self.assertIn(part, html)
        self.assertNotIn(self.request.session.session_key, html)

    def test_what_users_write_is_text(self):
        notify(self.alice, NASTY, actor=NASTY, target=NASTY, description=NASTY)
        html = self.render()
        self.assertNotIn("<script>", html)
        self.assertNotIn("<img", html)
        self.assertEqual(html.count("&lt;script&gt;alert(&quot;1&quot;)"), 4)
        self.assertEqual(html.count("{{ settings }}"), 4)

    def test_times_are_of_utc_whatever_the_site_s_time_zone_is(self):
        noon = datetime(2024, 1, 31, 12)
        noon_utc = noon.replace(tzinfo=timezone.utc)
        for use_tz, stamp, hour in ((True, noon_utc, 12), (False, noon, 17)):
            with self.settings(TIME_ZONE="America/New_York", USE_TZ=use_tz):
                html = render_to_string(
                    "django_notify/time.html", {"notification": Notification(timestamp=stamp)}
                )
            self.assertIn(f'datetime="2024-01-31T{hour}:00:00+00:00"', html)
            self.assertIn(f"31 Jan 2024, {hour}:00 UTC", html)

    def test_nobody_sees_nothing(self):
        self.request.user = AnonymousUser()
        self.assertEqual(self.render(), "<main></main>")

    def test_a_page_without_a_request_is_told_what_to_write(self):
        with self.assertRaisesMessage(ImproperlyConfigured, "context_processors.request"):
            Template("{% load notify %}{% notify_inbox %}").render(Context())

    def test_without_a_page_number_there_are_no_links_to_pages(self):
        Notification.objects.bulk_create(
            Notification(recipient=self.alice, verb="many") for _ in range(41)
        )
        self.assertNotIn("?page=2", self.render())
        self.assertIn('href="?page=2"', self.render("page=1"))

    @override_settings(NOTIFY_GATEWAY="https://push.example.org")
    def test_the_scripts_come_from_the_gateway(self):
        self.assertIn('src="https://push.example.org/socket.io/socket.io.min.js"', self.render())

    @override_settings(NOTIFY_FOLLOW="session")
    def test_in_session_mode_it_notes_whose_the_session_is(self):
        self.assertIn('data-follow="session"', self.render())
        noted = UserSession.objects.get()
        self.assertEqual(
            (noted.user, noted.session_key), (self.alice, self.request.session.session_key)
        )
        with self.assertNumQueries(2):  # whether it is noted, and the count: there are no rows
            self.render()
