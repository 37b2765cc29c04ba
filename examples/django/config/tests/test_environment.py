# SPDX-License-Identifier: MIT
#
# What the environment may say, and what is refused by name.
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import SimpleTestCase

from config import environment


class EnvironmentTest(SimpleTestCase):
    def read(self, function, text, *arguments):
        with mock.patch.dict(os.environ, {"NAME": text}):
            return function("NAME", *arguments)

    def test_flags(self):
        self.assertTrue(self.read(environment.flag, "1"))
        self.assertFalse(self.read(environment.flag, ""))
        with self.assertRaisesMessage(ImproperlyConfigured, "NAME is 'maybe': write 1 or 0"):
            self.read(environment.flag, "maybe")

    def test_hosts_are_those_that_are_named_and_this_machine(self):
        local = ["127.0.0.1", "localhost", "[::1]"]
        named = self.read(environment.hosts, "my.example, b,,c")
        self.assertEqual(named, [*local, "my.example", "b", "c"])
        self.assertEqual(environment.hosts("NOT_SET"), local)

    def test_sqlite_without_a_database(self):
        found = self.read(environment.database, "", Path("/data"))
        self.assertEqual(found["ENGINE"], "django.db.backends.sqlite3")
        self.assertEqual(found["NAME"], Path("/data/db.sqlite3"))

    def test_postgresql(self):
        for text, host, port in (
            ("postgresql://me:p%40ss@db.example:5433/the%20site", "db.example", 5433),
            ("postgres://me:p%40ss@[::1]/the%20site", "::1", ""),
            ("postgresql://me:p%40ss@%2FRun%2Fpg:5433/the%20site", "/Run/pg", 5433),
            ("postgresql://me:p%40ss@/the%20site", "", ""),
        ):
            found = self.read(environment.database, text, Path("/data"))
            self.assertEqual(found["ENGINE"], "django.db.backends.postgresql")
            names = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
            expected = ["the site", "me", "p@ss", host, port]
            self.assertEqual([found[name] for name in names], expected)
            # runserver has a thread for each connection, which would keep one to the database.
            self.assertNotIn("CONN_MAX_AGE", found)

    def test_other_databases_are_refused(self):
        for text, why in (
            ("mysql://me:hidden@db/site", "begins with 'mysql://'"),
            ("site", "is not an address"),
            ("postgresql://me:hidden@db", "names no database"),
            ("postgresql://me:hidden@db:port/site", "not an address"),
            ("postgresql://me:hidden/@db/site", "not an address"),
        ):
            with self.assertRaisesMessage(ImproperlyConfigured, "NAME") as caught:
                self.read(environment.database, text, Path("/data"))
            self.assertIn(why, str(caught.exception))
            self.assertNotIn("hidden", str(caught.exception))


class SecretKeyTest(SimpleTestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "data"

    def test_it_is_made_once_and_for_the_owner_only(self):
        first = environment.secret_key(self.folder)
        self.assertGreaterEqual(len(first), 50)
        self.assertEqual(environment.secret_key(self.folder), first)
        self.assertEqual([file.name for file in self.folder.iterdir()], ["secret-key"])
        self.assertEqual(stat.S_IMODE((self.folder / "secret-key").stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(self.folder.stat().st_mode), 0o700)

    def test_who_comes_second_takes_the_first_ones(self):
        first = environment.secret_key(self.folder)
        with mock.patch.object(Path, "exists", return_value=False):
            self.assertEqual(environment.secret_key(self.folder), first)
        self.assertEqual([file.name for file in self.folder.iterdir()], ["secret-key"])

    def test_what_is_no_key_is_refused(self):
        self.folder.mkdir()
        (self.folder / "secret-key").write_text("\n")
        with self.assertRaisesMessage(ImproperlyConfigured, "too short"):
            environment.secret_key(self.folder)

    def test_a_folder_that_is_none(self):
        self.folder.write_text("a file")
        with self.assertRaisesMessage(ImproperlyConfigured, "SITE_DATA"):
            environment.secret_key(self.folder)


class StartTest(SimpleTestCase):
    def test_wrong_settings_are_told_before_anything_starts(self):
        for name in ("NOTIFY_REDIS", "NOTIFY_GATEWAY"):
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                site = {**os.environ, "SITE_DATA": folder, name: "localhost"}
                ended = subprocess.run(
                    [sys.executable, settings.BASE_DIR / "manage.py", "check"],
                    env=site,
                    cwd="/",
                    capture_output=True,
                    text=True,
                )
                self.assertNotEqual(ended.returncode, 0)
                self.assertIn(f"{name} is 'localhost'", ended.stderr)
