# SPDX-License-Identifier: MIT
#
# What may be posted, and to whom. A user id becomes part of a channel's name: the gateway knows
# these characters only.
import re

from django.core.exceptions import ValidationError

from django_notify.models import NOTIFY_MAX, validate_characters

_USER_ID = re.compile(r"[A-Za-z0-9._@:+-]{1,128}")
_NOBODY = ("null", "undefined", "None", "false")  # what programs print that have lost their user


def clean_user_id(text):
    """Returns the user id, or raises ValidationError."""
    if not _USER_ID.fullmatch(text) or text in _NOBODY:
        raise ValidationError("user-id is no user id: write 1 to 128 of A-Z a-z 0-9 . _ @ : + -")
    return text


def clean_text(text):
    """Returns the text, or raises ValidationError."""
    if not text:
        raise ValidationError("message-text is empty: write something")
    if len(text) > NOTIFY_MAX:
        raise ValidationError(f"message-text has more than {NOTIFY_MAX} characters: shorten it")
    validate_characters(text)
    return text
