# SPDX-License-Identifier: MIT
#
# Turns environment variables into values for settings.py. A wrong value is refused here, with the
# name of the variable, before anything has started.
import os
import secrets
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def flag(name):
    """Returns whether the variable is 1 (or true, yes, on); False if it is not set."""
    text = os.environ.get(name, "").strip().lower()
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("", "0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name} is {text!r}: write 1 or 0.")


def hosts(name):
    """Returns the names in a list with commas, and those of this machine itself.

    The gateway asks the site by one of the latter, whatever the site is called outside.
    """
    parts = (part.strip() for part in os.environ.get(name, "").split(","))
    return [*LOOPBACK, *filter(None, parts)]


def database(name, folder):
    """Returns Django's settings for the database that the variable names.

    Without it, that is an SQLite file in `folder`. Otherwise it is an address such as
    `postgresql://user:password@host:port/name`, in which special characters are written %XX;
    a folder with a unix socket may stand for the host (`%2Frun%2Fpostgresql`).
    """
    text = os.environ.get(name, "")
    if not text:
        # Several processes write to one file: each waits for the lock instead of failing at once.
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "db.sqlite3",
            "OPTIONS": {"timeout": 20},
        }
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:  # its text may hold a part of the password
        raise ImproperlyConfigured(
            f"{name} is not an address: write postgresql://user:password@host:port/name, with the "
            "special characters of the password as %XX."
        )
    if url.scheme not in ("postgresql", "postgres"):
        what = f"begins with '{url.scheme}://'" if url.scheme else "is not an address"
        raise ImproperlyConfigured(
            f"{name} {what}: write postgresql://user:password@host:port/name, or leave it out for "
            "SQLite."
        )
    if not url.path.strip("/"):
        raise ImproperlyConfigured(
            f"{name} names no database: write postgresql://user:password@host:port/name."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path[1:]),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": _host(url),
        "PORT": port or "",
    }


def _host(url):
    # Not url.hostname, which is in lower case: this may be the path of the socket's folder.
    host = url.netloc.rpartition("@")[2]
    return url.hostname if host.startswith("[") else unquote(host.partition(":")[0])


def secret_key(folder):
    """Returns the site's secret key from `folder`/secret-key; makes it on the first start.

    Several processes may start at the same moment. Each writes a key of its own to a private file
    and tries to give it the final name; one of them gets it, and all read that one.
    """
    path = folder / "secret-key"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _offer(path, secrets.token_urlsafe(50))
        key = path.read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise ImproperlyConfigured(
            f"The secret key in {path} can't be read or made ({problem.strerror}): correct the "
            "rights there, or name another folder with SITE_DATA."
        )
    if len(key) < 32:
        raise ImproperlyConfigured(f"The secret key in {path} is too short: remove that file.")
    return key


def _offer(path, key):
    mine = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with open(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key + "\n")
    try:
        os.link(mine, path)
    except FileExistsError:
        pass  # another process was first: its key is the site's
    finally:
        mine.unlink()
