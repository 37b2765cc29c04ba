# SPDX-License-Identifier: MIT
#
# What a site calls: to tell one user or many something, and to mark as read.
#
# All of these work in the caller's transaction and publish in on_commit. Redis being away fails
# none of them: the notification is stored, and the log says that it was not pushed.
from django.contrib.auth import get_user_model
from django.db import router, transaction

from django_notify import conf
from django_notify.models import Notification
from django_notify.payload import notification_payload, read_payload
from django_notify.push import push_later
from django_notify.redis_link import RedisUnavailable
from django_notify.user_ids import RefusedUserId, check_user_id
from django_notify.uuid_cookie import mint_uuid_cookie

__all__ = [
    "notify",
    "notify_all",
    "mark_as_read",
    "mint_uuid_cookie",
    "RedisUnavailable",
    "RefusedUserId",
]

BATCH = 1000  # rows or keys of one query
COMMON = ("actor", "verb", "target", "description", "level", "timestamp")  # to all who are told


def notify(user, verb, *, actor="", target="", description="", level="info"):
    """Tells one user something, and returns the Notification that is stored.

    Arguments:
        user: who is told; a user that is saved.
        verb: what happened, at most 255 characters, such as "commented on".
        actor, target: who did it, and to what; texts of at most 255 characters.
        description: more of it, at most 131,072 characters; pages are sent the first 500.
        level: "info", "success", "warning" or "error".
    Raises:
        ValidationError: a text is too long, empty where it may not be, or holds a NUL or half a
            character; the level is unknown. It names the fields.
        TypeError: `user` is none, or is not saved.
        RefusedUserId: the gateway takes no such id, so no page could be told. Nothing is stored.

    >>> notify(request.user, "was uploaded", actor="Your photo", level="success")
    <Notification: Your photo was uploaded>
    """
    notification = _checked(
        recipient_id=_followed_id_of(user),
        actor=actor,
        verb=verb,
        target=target,
        description=description,
        level=level,
    )
    notification.save()
    push_stored(notification)
    return notification


def notify_all(verb, *, users=None, actor="", target="", description="", level="info"):
    """Tells many users the same, and returns how many they are.

    All or none are stored. What is published goes to Redis 1,000 in one round trip. For 100,000
    users this takes ten seconds or more: call it in a job then, and not in a request. With SQLite,
    whoever else wants to write waits until all are stored.

    Arguments:
        users: a query set or another iterable of users; None: all active users. One who is in it
            twice is told once.
        verb, actor, target, description, level: as for notify().
    Raises:
        ValidationError, TypeError: as notify(). A user whose id the gateway refuses is no reason:
            that one's is stored, and the log says that it was not pushed.
        IntegrityError: a user was deleted meanwhile. Nobody is told, and it may be tried again.

    >>> notify_all("goes down for an hour at 18:00", actor="The site", level="warning")
    2041
    """
    checked = _checked(
        actor=actor, verb=verb, target=target, description=description, level=level
    )
    common = {name: getattr(checked, name) for name in COMMON}
    using = router.db_for_write(Notification)
    user_ids = _ids_of(users)
    told = []
    with transaction.atomic(using=using):
        for batch in _batches(user_ids):
            rows = [Notification(recipient_id=user_id, **common) for user_id in batch]
            Notification.objects.using(using).bulk_create(rows)
            told += [(row.recipient_id, row.key) for row in rows]
        push_later(
            told,
            "a notification for many",
            using,
            lambda key: notification_payload(Notification(key=key, **common)),
        )
    return len(user_ids)


def mark_as_read(user, keys=None):
    """Marks notifications of a user as read, and returns how many of them were unread.

    Every page of the user that is open clears them, too.

    Arguments:
        user: whose they are; the keys of other users' notifications change nothing.
        keys: the `key` of each, as UUIDs or as texts; None: all that are unread.
    Raises:
        ValidationError: one of the keys is not a UUID.

    >>> mark_as_read(request.user, ["5a3a1c1e-7c1f-4d0b-8a35-0f3a4d9f3c52"])
    1
    """
    using = router.db_for_write(Notification)
    own = Notification.objects.using(using).filter(recipient_id=user.pk)
    with transaction.atomic(using=using):
        if keys is None:
            changed = own.filter(unread=True).update(unread=False)
            # Even if nothing changed: a page may show something that was read already.
            push_later([(user.pk, read_payload(None))], "that all is read", using)
            return changed
        changed = 0
        for batch in _batches(list(dict.fromkeys(keys))):
            some = own.filter(key__in=batch)
            # The write comes first: in SQLite, a transaction that has only read cannot begin to
            # write when another one has written meanwhile.
            changed += some.filter(unread=True).update(unread=False)
            read = list(some.order_by().values_list("key", flat=True))
            if read:
                push_later([(user.pk, read_payload(read))], "what is read", using)
    return changed


def push_stored(notification):
    """Publishes a notification that was stored by other means, such as the admin."""
    push_later(
        [(notification.recipient_id, notification_payload(notification))],
        f"notification {notification.key}",
        notification._state.db,
    )


def push_read(read, using):
    """Publishes that notifications are read, or gone, if that was stored by other means.

    `read` is a list of (user id, key).
    """
    push_later(read, "what is read", using, lambda key: read_payload([key]))


def _checked(**fields):
    # None is what a form or another model may hold for "no text".
    notification = Notification(**{k: "" if v is None else v for k, v in fields.items()})
    notification.clean_fields(exclude=["recipient"])
    return notification


def _id_of(user):
    if getattr(user, "pk", None) is None:
        raise TypeError(f"a user that is saved is told something, not {user!r}")
    return user.pk


def _followed_id_of(user):
    user_id = _id_of(user)
    if conf.follow() == conf.FOLLOW_USER:
        check_user_id(user_id)
    return user_id


def _ids_of(users):
    if users is None:
        users = get_user_model()._default_manager.filter(is_active=True)
    if hasattr(users, "values_list"):
        return list(dict.fromkeys(users.values_list("pk", flat=True)))
    return list(dict.fromkeys(map(_id_of, users)))


def _batches(items):
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
