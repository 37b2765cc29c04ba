# SPDX-License-Identifier: MIT
#
# The headers of every page, and the handler that serves pages and static files.
from django.db import connection
from django.test import TestCase, override_settings
from django.test.client import RequestFactory
from django.test.utils import CaptureQueriesContext

from config.middleware import policy
from config.wsgi import application
from django_notify.tests.support import make_user


class ContentSecurityPolicyTest(TestCase):
    def test_every_page_has_it_but_the_admin(self):
        self.client.force_login(make_user("alice", is_staff=True))
        for path in ("/", "/login/", "/send/", "/python/unread/", "/nowhere/"):
            self.assertIn("default-src 'self'", self.client.get(path)["Content-Security-Policy"])
        self.assertNotIn("Content-Security-Policy", self.client.get("/admin/"))

    @override_settings(NOTIFY_GATEWAY="https://push.example.org:8443")
    def test_a_gateway_elsewhere_may_be_connected(self):
        header = self.client.get("/login/")["Content-Security-Policy"]
        gateway = "https://push.example.org:8443"
        self.assertIn(f"script-src 'self' {gateway};", header)
        self.assertIn(f"connect-src 'self' {gateway} wss://push.example.org:8443;", header)

    def test_pages_by_which_debug_explains_an_error_keep_their_styles(self):
        with override_settings(DEBUG=True):
            self.assertNotIn("Content-Security-Policy", self.client.get("/nowhere/"))
            self.assertIn("Content-Security-Policy", self.client.get("/login/"))
        self.assertIn("Content-Security-Policy", self.client.get("/nowhere/"))

    def test_the_whole_of_it(self):
        self.assertEqual(
            policy(""),
            "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
            "form-action 'self'",
        )


class CookieTest(TestCase):
    def test_one_with_a_nul_is_as_none(self):
        # Quoted, a cookie may hold what no session key does; \\000 is a NUL there.
        for value in ('"\\000"', '"a\\000' + "x" * 30 + '"'):
            with CaptureQueriesContext(connection) as queries:
                answer = self.client.get(
                    "/python/currentUserId/", HTTP_COOKIE=f"sessionid={value}"
                )
            self.assertEqual(answer.json(), {"ok": False, "userId": None})
            self.assertEqual(len(queries), 0)


class WsgiTest(TestCase):
    def get(self, path):
        answer = []
        environ = RequestFactory()._base_environ(PATH_INFO=path)
        body = b"".join(application(environ, lambda status, headers: answer.append(status)))
        return answer[0], body

    def test_static_files_and_pages_come_from_the_same_handler(self):
        self.assertEqual(self.get("/static/inbox/site.css")[0], "200 OK")
        self.assertEqual(self.get("/static/admin/css/base.css")[0], "200 OK")
        self.assertEqual(self.get("/login/")[0], "200 OK")

    def test_no_other_file_is_served(self):
        for path in ("/static/nothing.css", "/static/", "/static/\0", "/static/inbox"):
            self.assertEqual(self.get(path)[0], "404 Not Found", path)
        for path in ("/static/../manage.py", "/static/inbox/../../views.py", "/static//etc/passwd"):
            self.assertIn(self.get(path)[0], ("400 Bad Request", "404 Not Found"), path)
