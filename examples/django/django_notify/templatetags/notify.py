# SPDX-License-Identifier: MIT
#
# {% load notify %}{% notify_inbox %}: badge, list and script of the inbox, in any page.
from django import template
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import QueryDict
from django.shortcuts import resolve_url
from django.template.loader import get_template
from django.urls import reverse

from django_notify import conf, sessions
from django_notify.inbox_page import InboxPage
from django_notify.payload import session_mark
from django_notify.replies import active_user

register = template.Library()


@register.simple_tag(takes_context=True)
def notify_inbox(context, page=None):
    """Shows the user's unread notifications, live; nothing if nobody is logged in.

    Arguments:
        page: which page of them, from the URL and unchecked; without it, the newest and no links
            to other pages.
    Raises:
        ImproperlyConfigured: the template's context has no request.

    Example: {% notify_inbox page=request.GET.page %}
    """
    request = context.get("request")
    if request is None:
        raise ImproperlyConfigured(
            "{% notify_inbox %} found no request in the template's context: add "
            '"django.template.context_processors.request" to the context_processors in TEMPLATES, '
            "and render with the request."
        )
    user = active_user(request)
    if user is None:
        return ""
    if conf.follow() == conf.FOLLOW_SESSION:
        sessions.remember(request, user)
    inbox = InboxPage(user, page)
    return get_template("django_notify/inbox.html").render(
        {
            "notifications": inbox.notifications,
            "unread": inbox.unread,
            "unread_label": inbox.unread_label,
            "page": inbox.page,
            "config": _config(request, user),
        },
        request,
    )


def _config(request, user):
    """Returns what inbox.js has to know, as texts for data-* attributes."""
    here = request.get_full_path()
    return {
        "follow": conf.follow(),
        "gateway": conf.gateway(),
        "unread_url": reverse("django_notify:unread"),
        "read_url": reverse("django_notify:read"),
        "uuid_url": reverse("django_notify:uuid_cookie"),
        "session": session_mark(request.session.session_key),
        "user_id": str(user.pk),
        "next": here,
        "login_url": _login_url(here),
    }


def _login_url(here):
    query = QueryDict(mutable=True)
    query["next"] = here
    return f"{resolve_url(settings.LOGIN_URL)}?{query.urlencode(safe='/')}"
