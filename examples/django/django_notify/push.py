# SPDX-License-Identifier: MIT
#
# From the database to the pages that are open: publishes when the transaction has been committed,
# and turns a Redis that is away into one line of the log. Nothing here fails a request.
import logging

from django.db import transaction

from django_notify import channels, redis_link

log = logging.getLogger("django_notify")

PIPELINE = 1000  # users whose messages travel together
NAMED = 10  # users that one line of the log names


def push_later(texts, what, using):
    """Publishes to users once the transaction on the database `using` is committed.

    `texts` is a list of (user id, text); `what` says in the log what these were. Rolled back,
    nothing is published. Without a transaction it is done at once.
    """
    transaction.on_commit(lambda: push(texts, what), using=using)


def push(texts, what):
    """Publishes (user id, text) pairs now, to each channel of each of the users."""
    for start in range(0, len(texts), PIPELINE):
        batch = texts[start : start + PIPELINE]
        reached = channels.channels_of([user_id for user_id, _ in batch])
        messages = [(name, text) for user_id, text in batch for name in reached.get(user_id, ())]
        if not _try_publish(messages, what, [user_id for user_id, _ in texts[start:]]):
            return  # what has failed once isn't tried again for each 1,000


def push_to_channels(names, text, what, user_id, using):
    """Publishes one text to channels that are known already, once `using` is committed."""
    messages = [(name, text) for name in names]
    transaction.on_commit(lambda: _try_publish(messages, what, [user_id]), using=using)


def _try_publish(messages, what, user_ids):
    try:
        if messages:
            redis_link.publish(messages)
        return True
    except redis_link.RedisUnavailable as problem:
        log.error(
            "Not pushed: %s to %s. %s Pages get it when they ask the site again.",
            what,
            _named(user_ids),
            problem,
        )
        return False


def _named(user_ids):
    if len(user_ids) == 1:
        return f"user {user_ids[0]}"
    more = f" and {len(user_ids) - NAMED} more" if len(user_ids) > NAMED else ""
    return f"{len(user_ids)} users ({', '.join(map(str, user_ids[:NAMED]))}{more})"
