# SPDX-License-Identifier: MIT
#
# Does with the site's own code what a test asks for and no page offers: one JSON object a line,
# {"do": name, "with": arguments}, and one line as the answer to each. It lives as long as its
# standard input, since to start Django takes longer than most of what is asked.
import json
import sys
import traceback

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from django_notify import api  # noqa: E402
from django_notify.models import Notification  # noqa: E402

User = get_user_model()


def user_called(name):
    return User.objects.get(username=name)


def migrate():
    call_command("migrate", verbosity=0)


def add_user(name, password=None, staff=False):
    """Adds one and returns its id; without a password nobody can log in by the form."""
    return str(User.objects.create_user(name, password=password, is_staff=staff).pk)


def log_in(name):
    """Begins a session, as the form does, and returns its cookie's value."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user_called(name))
    return client.cookies["sessionid"].value


def delete_user(name):
    user_called(name).delete()


def deactivate(name):
    user = user_called(name)
    user.is_active = False
    user.save()


def end_sessions(name):
    """Deletes the rows of the user's sessions, which is what their expiry comes to."""
    pk = str(user_called(name).pk)
    for session in Session.objects.all():
        if session.get_decoded().get("_auth_user_id") == pk:
            session.delete()


def send(to, verb, **fields):
    return str(api.notify(user_called(to), verb, **fields).key)


def send_to_all(verb, **fields):
    return api.notify_all(verb, **fields)


def fill(name, count):
    """So many unread ones, of which no page hears."""
    user = user_called(name)
    rows = [Notification(recipient=user, actor="joe", verb=f"old {i}") for i in range(count)]
    Notification.objects.bulk_create(rows, batch_size=1000)


def arrange(name, rows):
    """Exactly these, oldest first, with all their fields: what a picture shows."""
    user = user_called(name)
    user.notifications.all().delete()
    for row in rows:
        Notification.objects.create(recipient=user, **row)


def unread(name):
    return user_called(name).notifications.filter(unread=True).count()


for line in sys.stdin:
    asked = json.loads(line)
    try:
        answer = {"result": globals()[asked["do"]](**asked["with"])}
    except Exception:
        answer = {"error": traceback.format_exc()}
    print(json.dumps(answer), flush=True)
