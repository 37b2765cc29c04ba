# SPDX-License-Identifier: MIT
#
# Tells open pages when their user logs in or out, or when the account ends. QuerySet.update()
# sends no signals: if it sets `is_active` to False, pages stay open until they ask the site again.
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_save, pre_delete, pre_save

from django_notify import conf, push, sessions
from django_notify.channels import channels_of, session_channel, user_channel
from django_notify.payload import signed_out_payload


def connect():
    user = get_user_model()
    user_logged_in.connect(on_log_in, dispatch_uid="django_notify")
    user_logged_out.connect(on_log_out, dispatch_uid="django_notify")
    pre_save.connect(before_save, sender=user, dispatch_uid="django_notify")
    post_save.connect(after_save, sender=user, dispatch_uid="django_notify")
    pre_delete.connect(on_delete, sender=user, dispatch_uid="django_notify")


def on_log_in(sender, request, user, **kwargs):
    if conf.follow() == conf.FOLLOW_SESSION and hasattr(request, "session"):
        sessions.remember(request, user)


def on_log_out(sender, request, user, **kwargs):
    # A log-in by a token has no session, and its log-out not always a request.
    key = getattr(getattr(request, "session", None), "session_key", None)
    if user is None or key is None:
        return
    by_session = conf.follow() == conf.FOLLOW_SESSION
    channel = session_channel(key) if by_session else user_channel(user.pk)
    sessions.forget(key)
    # Django ends the session after this signal. A page that is told of the end asks the site at
    # once who is logged in, and must not find the session still alive.
    request.session.delete(key)
    push.push_to_channels(
        [channel], signed_out_payload(key), "the end of a session", user.pk, user._state.db
    )


def before_save(sender, instance, raw=False, using=None, update_fields=None, **kwargs):
    # A log-in saves the user too: for active users no query is made.
    if raw or instance.is_active or instance.pk is None:
        return
    if update_fields is not None and "is_active" not in update_fields:
        return
    active = sender._base_manager.using(using).filter(pk=instance.pk, is_active=True)
    instance._notify_deactivates = active.exists()


def after_save(sender, instance, using=None, **kwargs):
    # Not earlier: a page that is told of it asks the site at once who is logged in.
    if instance.__dict__.pop("_notify_deactivates", False):
        _sign_out_everywhere(instance, using)


def on_delete(sender, instance, using=None, **kwargs):
    _sign_out_everywhere(instance, using)


def _sign_out_everywhere(user, using):
    # The channels are looked up now: the user's sessions may be gone when this is committed.
    names = channels_of([user.pk]).get(user.pk, [])
    push.push_to_channels(names, signed_out_payload(), "the end of an account", user.pk, using)
