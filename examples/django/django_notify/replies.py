# SPDX-License-Identifier: MIT
#
# Answers in JSON, and whether a request wants one.
from django.http import JsonResponse


def wants_json(request):
    """Returns whether to answer a script rather than a person: a browser's form asks for HTML."""
    accept = request.headers.get("Accept", "")
    return "application/json" in accept or "text/html" not in accept


def json_error(status, error, **fields):
    """Returns {"ok": false, …, "error": "…"}; the error says what to do."""
    return JsonResponse({"ok": False, **fields, "error": error}, status=status)


def active_user(request):
    """Returns the user who is logged in, or None. Some log-in backends let inactive ones in."""
    user = request.user
    return user if user.is_authenticated and user.is_active else None
