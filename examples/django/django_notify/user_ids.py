# SPDX-License-Identifier: MIT
#
# The gateway's rules for user ids. No page can ever follow the channel of an id that the gateway
# refuses, so sending to such a user is an error.
import re

MAX_BYTES = 255

_NOBODY = ("", "null", "undefined", "None", "false")  # of programs that have lost their user

# Control characters, marks of text direction and the like, and white space.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f]")
_SPACE = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ufeff]")


class RefusedUserId(ValueError):
    """The gateway takes no such user id. The text says which, and why."""


def fault_of(user_id):
    """Returns why the gateway refuses this as a user id, or "".

    >>> fault_of("auth0|5f7c"), fault_of(12), fault_of("a b")
    ('', '', 'it may not hold white space')
    """
    text = str(user_id)
    if text in _NOBODY:
        return "it is nobody's"
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        return "it is not UTF-8"
    if size > MAX_BYTES:
        return f"it has {size} bytes, and may have {MAX_BYTES}"
    if "/" in text:
        return "it may not hold a slash"
    if _CONTROL.search(text):
        return "it may not hold control characters"
    if _SPACE.search(text):
        return "it may not hold white space"
    return ""


def check_user_id(user_id):
    """Raises RefusedUserId unless the gateway takes this as a user id."""
    if fault := fault_of(user_id):
        raise RefusedUserId(f"the user id {str(user_id)[:60]!a} is refused: {fault}")
