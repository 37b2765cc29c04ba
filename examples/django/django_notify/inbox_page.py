# SPDX-License-Identifier: MIT
#
# One page of a user's unread notifications. It counts no more rows than it shows a number for.
from django.core.paginator import Page, Paginator

from django_notify.models import COUNT_CAP, Notification

PAGE_SIZE = 20


class InboxPage:
    """The rows of one page, and how many are unread.

    Two queries, whatever there is: the rows, and a count that stops as soon as it knows whether
    there is a next page. So `page.paginator.num_pages` is how many pages are known to exist, not
    how many there are. A number past the end gives the last page, and what is no number the first.
    """

    def __init__(self, user, number=None):
        rows = Notification.objects.unread_of(user)
        wanted = _page_number(number)
        known = rows.count_to(max(COUNT_CAP, (wanted + 1) * PAGE_SIZE))
        paginator = Paginator(rows, PAGE_SIZE)
        paginator.count = known
        page = paginator.get_page(wanted)
        self.notifications = list(page.object_list)
        self.page = None if number is None else Page(self.notifications, page.number, paginator)
        self.unread = min(known, COUNT_CAP)

    @property
    def unread_label(self):
        return str(self.unread) if self.unread < COUNT_CAP else f"{COUNT_CAP - 1}+"


def _page_number(text):
    try:
        # No one has that many; what is larger would not fit into the database's numbers.
        return min(max(int(text), 1), 10**9)
    except (TypeError, ValueError):
        return 1
