# SPDX-License-Identifier: MIT
#
# What `manage.py check` says about the URLs: they aren't loaded yet when the settings are read.
import uuid

from django.core.checks import Error, register
from django.urls import NoReverseMatch, reverse

from django_notify import conf


@register("urls")
def check_urls(app_configs, **kwargs):
    errors = []
    try:
        reverse("django_notify:unread")
    except NoReverseMatch:
        errors.append(
            Error(
                "The URLs of django_notify are missing.",
                hint='Write path("python/", include("django_notify.urls")) in your urls.py.',
                id="django_notify.E001",
            )
        )
    try:
        if conf.detail_url():
            reverse(conf.detail_url(), kwargs={"key": uuid.uuid4()})
    except NoReverseMatch:
        errors.append(
            Error(
                f"NOTIFY_DETAIL_URL is {conf.detail_url()!r}, and there is no such URL with a key.",
                hint='Name a URL such as path("notifications/<uuid:key>/", …), or write "".',
                id="django_notify.E002",
            )
        )
    return errors
