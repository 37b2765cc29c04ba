# SPDX-License-Identifier: MIT
#
# What happens once when the site starts.
from django.apps import AppConfig


class DjangoNotifyConfig(AppConfig):
    name = "django_notify"
    verbose_name = "Notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from django_notify import checks, conf, signals  # noqa: F401, checks registers itself

        conf.check_settings()
        signals.connect()
