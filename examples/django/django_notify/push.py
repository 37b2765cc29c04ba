# SPDX-License-Identifier: MIT
#
# Tells open pages what has changed: publishes when the transaction has been committed. If Redis is
# down, one line of the log says so. Nothing here makes a request fail.
import logging

from django.db import DatabaseError, transaction

from django_notify import channels, conf, redis_link
from django_notify.user_ids import fault_of

log = logging.getLogger("django_notify")

PIPELINE = 1000  # users whose messages travel together
NAMED = 10  # users that one line of the log names


def push_later(told, what, using, text_of=str):
    """Publishes to users once the transaction on the database `using` is committed.

    `told` is a list of (user id, text), or of (user id, anything that `text_of` makes a text of):
    the texts of a hundred thousand users are too many to keep. `what` says in the log what these
    were. Rolled back, nothing is published. Without a transaction it is done at once.
    """
    transaction.on_commit(lambda: push(told, what, text_of), using=using)


def push(told, what, text_of=str):
    """Publishes now, to each channel of each of the users."""
    _log_refused(what, [user_id for user_id, _ in told])
    start = 0
    try:
        for start in range(0, len(told), PIPELINE):
            _push_batch(told[start : start + PIPELINE], text_of)
    except (redis_link.RedisUnavailable, DatabaseError) as problem:
        # After a failure, the remaining batches of 1,000 are not tried.
        _log_failure(what, [user_id for user_id, _ in told[start:]], problem)


def push_to_channels(names, text, what, user_id, using):
    """Publishes one text to channels that are known already, once `using` is committed."""

    def publish():
        try:
            redis_link.publish([(name, text) for name in names])
        except redis_link.RedisUnavailable as problem:
            _log_failure(what, [user_id], problem)

    transaction.on_commit(publish, using=using)


def _push_batch(told, text_of):
    reached = channels.channels_of([user_id for user_id, _ in told])
    redis_link.publish(
        [(name, text_of(item)) for user_id, item in told for name in reached.get(user_id, ())]
    )


def _log_refused(what, user_ids):
    if conf.follow() != conf.FOLLOW_USER:
        return
    refused = [user_id for user_id in user_ids if fault_of(user_id)]
    if refused:
        why = f"The gateway refuses such user ids: {fault_of(refused[0])}"
        _log_failure(what, [ascii(user_id) for user_id in refused], why)


def _log_failure(what, user_ids, problem):
    log.error(
        "Not pushed: %s to %s. Pages get it when they ask the site again. %s",
        what,
        _named(user_ids),
        problem,
    )


def _named(user_ids):
    if len(user_ids) == 1:
        return f"user {user_ids[0]}"
    more = f" and {len(user_ids) - NAMED} more" if len(user_ids) > NAMED else ""
    return f"{len(user_ids)} users ({', '.join(map(str, user_ids[:NAMED]))}{more})"
