# SPDX-License-Identifier: MIT
#
# The answer to a form without the right token: a page that says what to do, or JSON to a script.
from django.views import csrf

from django_notify.replies import json_error, wants_json


def csrf_failure(request, reason=""):
    if wants_json(request):
        return json_error(403, f"{reason} Nothing was changed: reload the page and try again.")
    return csrf.csrf_failure(request, reason)  # shows 403_csrf.html
