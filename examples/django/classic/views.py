# SPDX-License-Identifier: MIT
#
# The live page, and the view that publishes a text to it.
import logging

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from classic.message import clean_text, clean_user_id
from django_notify import conf, redis_link
from django_notify.channels import user_channel
from django_notify.replies import active_user, json_error, wants_json

log = logging.getLogger("classic")


@never_cache
@require_safe
@login_required
def notifications(request):
    return render(request, "classic/notifications.html", {"gateway": conf.gateway()})


@never_cache
@require_POST
def post_message(request):
    """Publishes a text for a user: staff for anyone, others for themselves.

    `receivers` in the answer is how many gateways took it, or how many of their threads: 0 says
    that no page of that user is open.
    """
    user = active_user(request)
    if user is None:
        return _log_in_first(request)
    try:
        user_id = clean_user_id(request.POST.get("user-id", ""))
        text = clean_text(request.POST.get("message-text", ""))
    except ValidationError as problem:
        return json_error(400, problem.message)
    if user_id != str(user.pk) and not user.is_staff:
        return json_error(403, f"only staff may post to others: your own user id is {user.pk}")
    try:
        receivers = redis_link.publish([(user_channel(user_id), text)])
    except redis_link.RedisUnavailable as problem:
        log.error("Not posted: a text for user %s. %s", user_id, problem)
        return json_error(503, "the site can't reach Redis: nothing was posted, try again")
    return JsonResponse({"ok": True, "receivers": receivers})


def _log_in_first(request):
    if wants_json(request):
        return json_error(401, "log in first")
    return redirect_to_login(reverse("classic_notifications"))
