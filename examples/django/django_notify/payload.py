# SPDX-License-Identifier: MIT
#
# The texts that are published, each in JSON: a notification, "these are read", or "you are signed
# out". inbox.js relies on the names in them.
import hashlib
import json
from datetime import timezone

SHOWN = 500  # characters of a description that are sent; the rest is on the notification's page


def notification_fields(notification):
    """Returns what a page is told of a notification, as a dict for JSON."""
    fields = {
        "id": str(notification.key),
        "actor": notification.actor,
        "verb": notification.verb,
        "target": notification.target,
        "description": notification.description[:SHOWN],
        "truncated": len(notification.description) > SHOWN,
        "level": str(notification.level),
        "timestamp": notification.timestamp.astimezone(timezone.utc).isoformat(),
    }
    url = notification.get_absolute_url()
    return {**fields, "url": url} if url else fields


def notification_payload(notification):
    return _text(notification_fields(notification))


def read_payload(keys):
    """Tells pages that the notifications with these keys are read; None: all of them."""
    return _text({"mark_as_read": True if keys is None else [str(key) for key in keys]})


def signed_out_payload(session_key=None):
    """Tells pages that their user is logged out: those of one session, or all of them."""
    return _text({"signed_out": session_mark(session_key) if session_key else True})


def session_mark(session_key):
    """Returns a name for the session that is no secret, unlike its key; "" without a session."""
    if not session_key:
        return ""
    return hashlib.sha256(session_key.encode()).hexdigest()[:16]


def _text(fields):
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
