# SPDX-License-Identifier: MIT
#
# A uuidCookie proves to the gateway who a page's user is, where the gateway can't see the
# browser's cookies. It lives for five seconds, and the gateway deletes it when it reads it.
import json
import uuid

from django_notify import conf, redis_link
from django_notify.user_ids import check_user_id

SECONDS = 5


def mint_uuid_cookie(user):
    """Makes a uuidCookie for a user who is logged in, and returns it.

    Hand it to that user's page only: whoever has it receives the user's notifications.

    Arguments:
        user: an active user; the id is `str(user.pk)`.
    Raises:
        ValueError: the user is anonymous or inactive.
        RefusedUserId: the gateway takes no such id.
        RedisUnavailable: it could not be stored.

    >>> mint_uuid_cookie(request.user)
    '0b6f4c8e-2d31-4b55-9f3e-6a1a0f4f2c11'
    """
    if user.pk is None or not user.is_active:
        raise ValueError(f"{user} is not an active user: there is nothing to follow.")
    check_user_id(user.pk)
    cookie = str(uuid.uuid4())
    value = json.dumps({"userId": str(user.pk)})
    redis_link.set_once(conf.uuidcookie_prefix() + cookie, value, SECONDS)
    return cookie
