# SPDX-License-Identifier: MIT
#
# manage.py demo_users.
from io import StringIO

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import TestCase


class DemoUsersTest(TestCase):
    def run_command(self):
        out = StringIO()
        call_command("demo_users", stdout=out)
        return out.getvalue().splitlines()

    def test_three_users_who_can_log_in(self):
        lines = ["alice  alice-demo  staff", "bob    bob-demo", "carol  carol-demo"]
        self.assertEqual(self.run_command(), lines)
        for name in ("alice", "bob", "carol"):
            self.assertTrue(self.client.login(username=name, password=f"{name}-demo"))

    def test_alice_uses_the_admin_and_bob_does_not(self):
        self.run_command()
        self.client.login(username="alice", password="alice-demo")
        for path in ("", "add/"):
            answer = self.client.get(f"/admin/django_notify/notification/{path}")
            self.assertEqual(answer.status_code, 200)
        self.client.login(username="bob", password="bob-demo")
        self.assertEqual(self.client.get("/admin/").status_code, 302)

    def test_twice_is_as_once(self):
        first = self.run_command()
        before = list(get_user_model().objects.values())
        self.assertEqual(self.run_command(), first)
        self.assertEqual(list(get_user_model().objects.values()), before)

    def test_a_user_who_was_there_keeps_the_password(self):
        get_user_model().objects.create_user("bob", password="my own")
        self.assertIn("bob    (was here before, with another password)", self.run_command())
        self.assertTrue(self.client.login(username="bob", password="my own"))
