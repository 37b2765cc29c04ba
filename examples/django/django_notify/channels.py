# SPDX-License-Identifier: MIT
#
# The Redis channels that the gateway follows for a user: one by the user's id, or one for each of
# the user's sessions.
from collections import defaultdict

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from django_notify import conf
from django_notify.models import UserSession
from django_notify.user_ids import fault_of


def user_channel(user_id):
    """Returns the channel of a user.

    >>> user_channel(12)
    '/app/user/12/notifications'
    """
    return f"/app/user/{user_id}/notifications"


def session_channel(session_key):
    return conf.session_channel().replace("{session}", session_key)


def channels_of(user_ids):
    """Returns {user id: [channels]} for the way that NOTIFY_FOLLOW names.

    In session mode a user without a live session has none, and is not in the answer; otherwise
    neither is one whose id the gateway refuses.
    """
    if conf.follow() == conf.FOLLOW_USER:
        return {user_id: [user_channel(user_id)] for user_id in user_ids if not fault_of(user_id)}
    channels = defaultdict(list)
    rows = live_sessions().filter(user__in=user_ids).values_list("user", "session_key")
    for user_id, session_key in rows:
        channels[user_id].append(session_channel(session_key))
    return dict(channels)


def live_sessions():
    """Returns the UserSessions whose session still exists and has not expired."""
    alive = Session.objects.filter(
        session_key=OuterRef("session_key"), expire_date__gt=timezone.now()
    )
    return UserSession.objects.filter(Exists(alive))
