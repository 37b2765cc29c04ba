# SPDX-License-Identifier: MIT
#
# What is stored: the notifications, and in session mode which sessions a user has.
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from django_notify import conf

NOTIFY_MAX = 131072  # characters of a description, or of a text of /python/postMessage/
COUNT_CAP = 100  # nobody is told more than "99+", so no more are counted


def validate_characters(text):
    """Refuses halves of a surrogate pair: they are no characters, and no UTF-8 can hold them."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValidationError("This text contains half a character.", code="half_character")


TEXT = [ProhibitNullCharactersValidator(), validate_characters]


class Level(models.TextChoices):
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


class NotificationQuerySet(models.QuerySet):
    def unread_of(self, user):
        return self.filter(recipient_id=user.pk, unread=True)

    def count_to(self, cap):
        """Returns how many there are, but at most `cap`, in one query that stops there."""
        return self.order_by()[:cap].count()


class Notification(models.Model):
    """One thing that one user is told: actor, verb and target make a sentence.

    Actor and target are texts, so that the sentence outlives what it speaks of. `key` names the
    notification outside of the database, where a number would tell how many there are.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notifications",
        db_index=False,  # the index below begins with it
    )
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    actor = models.CharField(max_length=255, blank=True, validators=TEXT)
    verb = models.CharField(max_length=255, validators=TEXT)
    target = models.CharField(max_length=255, blank=True, validators=TEXT)
    description = models.TextField(
        max_length=NOTIFY_MAX, blank=True, validators=[MaxLengthValidator(NOTIFY_MAX), *TEXT]
    )
    level = models.CharField(max_length=7, choices=Level.choices, default=Level.INFO)
    timestamp = models.DateTimeField(default=timezone.now)
    unread = models.BooleanField(default=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["recipient", "unread", "-id"], name="notify_inbox")]

    def __str__(self):
        return " ".join(part for part in (self.actor, self.verb, self.target) if part)

    def get_absolute_url(self):
        """Returns the path of this notification's own page, or "" if the site has none."""
        name = conf.detail_url()
        return reverse(name, kwargs={"key": self.key}) if name else ""


class UserSession(models.Model):
    """The user of a session. Django keeps that inside the session, where SQL can't find it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notify_sessions"
    )
    session_key = models.CharField(max_length=40, unique=True)

    def __str__(self):
        return f"a session of user {self.user_id}"  # not the key: it is as good as a password
