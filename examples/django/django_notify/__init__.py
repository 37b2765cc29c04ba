# SPDX-License-Identifier: MIT
"""Notifications for the users of a Django site, kept in its database and pushed by notify-gateway.

    # settings.py
    INSTALLED_APPS += ["django_notify"]
    NOTIFY_REDIS = "redis://127.0.0.1:6379"

    # urls.py
    path("python/", include("django_notify.urls")),

    # a template
    {% load notify %}{% notify_inbox %}

    # anywhere
    from django_notify import notify
    notify(user, "commented on", actor="bob", target="Your photo")
"""

_PUBLIC = ("notify", "notify_all", "mark_as_read", "mint_uuid_cookie", "RedisUnavailable", "RefusedUserId")

__all__ = list(_PUBLIC)


def __getattr__(name):
    # Imported here, not above: Django imports this package before models may be imported.
    if name in _PUBLIC:
        from django_notify import api

        return getattr(api, name)
    raise AttributeError(f"module 'django_notify' has no attribute {name!r}")
