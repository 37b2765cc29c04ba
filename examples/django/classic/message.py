# SPDX-License-Identifier: MIT
#
# What may be posted, and to whom.
from django.core.exceptions import ValidationError

from django_notify.models import NOTIFY_MAX, validate_characters
from django_notify.user_ids import fault_of


def clean_user_id(text):
    """Returns the user id, or raises ValidationError."""
    if fault := fault_of(text):
        raise ValidationError(f"user-id is no user id that the gateway takes: {fault}")
    return text


def clean_text(text):
    """Returns the text, or raises ValidationError."""
    if not text:
        raise ValidationError("message-text is empty: write something")
    if len(text) > NOTIFY_MAX:
        raise ValidationError(f"message-text has more than {NOTIFY_MAX} characters: shorten it")
    validate_characters(text)
    return text
