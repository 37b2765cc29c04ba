# SPDX-License-Identifier: MIT
#
# Keeps UserSession in step with Django's sessions, for sites where the gateway follows sessions.
from django.db import IntegrityError, transaction

from django_notify.channels import live_sessions
from django_notify.models import UserSession


def remember(request, user):
    """Notes whose the session of this request is, and forgets the user's dead ones.

    It writes only if something changed. A session may get a new key without a log-in (a change
    of the password does that), so pages that follow it call this, too.
    """
    if request.session.session_key is None:
        request.session.save()  # this gives it a key
    key = request.session.session_key
    if UserSession.objects.filter(session_key=key, user=user).exists():
        return
    dead = UserSession.objects.filter(user=user).exclude(pk__in=live_sessions())
    dead.delete()
    # Not update_or_create(): it reads first, and two transactions that have both read block each
    # other for good in SQLite.
    if not UserSession.objects.filter(session_key=key).update(user=user):
        try:
            with transaction.atomic():
                UserSession.objects.create(session_key=key, user=user)
        except IntegrityError:
            pass  # another tab of this session was faster


def forget(session_key):
    UserSession.objects.filter(session_key=session_key).delete()
