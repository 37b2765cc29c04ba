# SPDX-License-Identifier: MIT
#
# The two tables of django_notify.
import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import django_notify.models

TEXT = [
    django.core.validators.ProhibitNullCharactersValidator(),
    django_notify.models.validate_characters,
]
LEVELS = [("info", "Info"), ("success", "Success"), ("warning", "Warning"), ("error", "Error")]


def primary_key():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def user(**options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL, **options
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="UserSession",
            fields=[
                ("id", primary_key()),
                ("session_key", models.CharField(max_length=40, unique=True)),
                ("user", user(related_name="notify_sessions")),
            ],
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", primary_key()),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("actor", models.CharField(blank=True, max_length=255, validators=TEXT)),
                ("verb", models.CharField(max_length=255, validators=TEXT)),
                ("target", models.CharField(blank=True, max_length=255, validators=TEXT)),
                (
                    "description",
                    models.TextField(
                        blank=True,
                        max_length=131072,
                        validators=[django.core.validators.MaxLengthValidator(131072), *TEXT],
                    ),
                ),
                ("level", models.CharField(choices=LEVELS, default="info", max_length=7)),
                ("timestamp", models.DateTimeField(default=django.utils.timezone.now)),
                ("unread", models.BooleanField(default=True)),
                ("recipient", user(db_index=False, related_name="notifications")),
            ],
            options={"ordering": ["-id"]},
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["recipient", "unread", "-id"], name="notify_inbox"),
        ),
    ]
