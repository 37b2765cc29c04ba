# SPDX-License-Identifier: MIT
#
# What the gateway and the pages ask the site for. None of it may be kept by a cache.
import logging

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpResponseBadRequest, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from django_notify import api
from django_notify.models import COUNT_CAP, Notification
from django_notify.payload import notification_fields, session_mark
from django_notify.replies import active_user, json_error, wants_json

log = logging.getLogger("django_notify")

NEWEST = 20  # notifications that unread/ tells; a page of the inbox has as many


@never_cache
@require_GET
def current_user_id(request):
    """Tells the gateway, which sends a browser's cookies, which user they belong to."""
    user = active_user(request)
    return JsonResponse({"ok": user is not None, "userId": str(user.pk) if user else None})


@never_cache
@require_GET
def uuid_cookie(request):
    """Mints a uuidCookie, for nobody else than the user who is logged in."""
    user = active_user(request)
    if user is None:
        return json_error(403, "log in first", uuid=None)
    try:
        return JsonResponse({"ok": True, "uuid": api.mint_uuid_cookie(user)})
    except api.RefusedUserId as problem:
        log.error("No uuidCookie: %s", problem)
        return json_error(500, str(problem), uuid=None)
    except api.RedisUnavailable as problem:
        log.error("No uuidCookie for user %s. %s", user.pk, problem)
        return json_error(503, "the site can't reach Redis: try again", uuid=None)


@never_cache
@require_GET
def unread(request):
    """Tells a page what is unread, so that it misses nothing that came while it was offline."""
    user = active_user(request)
    if user is None:
        return json_error(401, "log in first")
    # Every row was counted: a notification that is stored between the two queries is in neither.
    # One that is read or deleted between them is still counted, but the page is told of it.
    unread_of_user = Notification.objects.unread_of(user).values_list("pk", flat=True)
    counted = list(unread_of_user[:COUNT_CAP])
    newest = Notification.objects.filter(pk__in=counted[:NEWEST])
    return JsonResponse(
        {
            "userId": str(user.pk),
            "session": session_mark(request.session.session_key),
            "unread": len(counted),
            "notifications": [notification_fields(row) for row in newest],
        }
    )


@never_cache
@require_POST
def read(request):
    """Marks as read: each `key`, or everything with all=1."""
    user = active_user(request)
    if user is None:
        return _log_in_first(request)
    everything = request.POST.get("all") == "1"
    keys = request.POST.getlist("key")
    if not keys and not everything:
        return _refused(request, "which ones? Send a key, or all=1")
    try:
        changed = api.mark_as_read(user, None if everything else keys)
    except ValidationError:
        return _refused(request, "a key is not a UUID: send the id of a notification")
    if wants_json(request):
        return JsonResponse({"ok": True, "read": changed})
    return HttpResponseRedirect(_next(request))


def _log_in_first(request):
    if wants_json(request):
        return json_error(401, "log in first")
    return redirect_to_login(_next(request))


def _refused(request, error):
    if wants_json(request):
        return json_error(400, error)
    return HttpResponseBadRequest(f"Nothing was changed: {error}.", content_type="text/plain")


def _next(request):
    """Returns the path in `next`, or "/" if that leads to another site."""
    path = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        path, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return path if safe else "/"
