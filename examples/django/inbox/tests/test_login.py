# SPDX-License-Identifier: MIT
#
# Logging in and out.
from django.test import Client, TestCase

from django_notify.tests.support import HTML, JSON, NASTY, make_user


class LogInTest(TestCase):
    def setUp(self):
        self.alice = make_user("alice", password="alice-secret")

    def post(self, username="alice", password="alice-secret", **fields):
        return self.client.post("/login/", {"username": username, "password": password, **fields})

    def logged_in(self):
        return "_auth_user_id" in self.client.session

    def test_it_leads_home(self):
        self.assertRedirects(self.post(), "/")

    def test_it_leads_back_to_where_one_was(self):
        self.assertRedirects(self.post(next="/send/"), "/send/")
        self.assertContains(Client().get("/login/?next=/send/"), 'value="/send/"')

    def test_it_leads_nowhere_else(self):
        for path in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil"):
            with self.subTest(path):
                self.client.logout()
                self.assertEqual(self.post(next=path)["Location"], "/")
                self.assertEqual(self.client.get("/login/", {"next": path})["Location"], "/")

    def test_wrong_words_are_told_on_the_page(self):
        for username, password in (
            ("alice", "wrong"),
            ("nobody", "alice-secret"),
            ("", ""),
            (NASTY, NASTY),
            ("a\0", "b\0"),
            ("x" * 100_000, "y" * 100_000),
        ):
            with self.subTest(username[:20]):
                answer = self.post(username, password)
                self.assertEqual(answer.status_code, 200)
                self.assertTrue(answer.context["form"].errors)
                self.assertNotContains(answer, "<script>alert")
        self.assertFalse(self.logged_in())

    def test_who_is_inactive_is_refused(self):
        make_user("gone", password="gone-secret", is_active=False)
        self.assertTrue(self.post("gone", "gone-secret").context["form"].errors)

    def test_the_session_gets_a_new_key(self):
        session = self.client.session
        session["basket"] = "apples"
        session.save()
        self.client.cookies["sessionid"] = session.session_key
        self.post()
        self.assertTrue(self.logged_in())
        self.assertEqual(self.client.session["basket"], "apples")
        self.assertNotEqual(self.client.session.session_key, session.session_key)

    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self):
        self.post()
        cookie = self.client.cookies["sessionid"]
        self.assertTrue(cookie["httponly"])
        self.assertEqual(cookie["samesite"], "Lax")

    def test_who_is_logged_in_goes_on(self):
        self.post()
        for path, there in (
            ("/login/", "/"),
            ("/login/?next=/send/", "/send/"),
            ("/login/?next=/login/", "/"),
            ("/login/?next=/login/%3Fnext=/login/", "/"),
        ):
            self.assertRedirects(self.client.get(path), there)

    def test_it_needs_the_token(self):
        strict = Client(enforce_csrf_checks=True)
        fields = {"username": "alice", "password": "alice-secret"}
        answer = strict.post("/login/", fields, HTTP_ACCEPT=HTML)
        self.assertContains(answer, "The page was too old", status_code=403)
        self.assertIn("Content-Security-Policy", answer)
        self.assertFalse(strict.post("/login/", fields, HTTP_ACCEPT=JSON).json()["ok"])


class LogOutTest(TestCase):
    def setUp(self):
        self.client.force_login(make_user("alice"))

    def test_get_asks_and_post_does_it(self):
        self.assertContains(self.client.get("/logout/"), "Do you want to log out")
        self.assertIn("_auth_user_id", self.client.session)
        self.assertContains(self.client.post("/logout/"), "You are logged out")
        self.assertNotIn("_auth_user_id", self.client.session)

    def test_the_old_session_is_worth_nothing(self):
        key = self.client.session.session_key
        self.client.post("/logout/")
        self.client.cookies["sessionid"] = key
        self.assertFalse(self.client.get("/python/currentUserId/").json()["ok"])

    def test_who_is_not_logged_in_is_sent_to_log_in(self):
        for method in (Client().get, Client().post):
            self.assertRedirects(method("/logout/"), "/login/")
