# SPDX-License-Identifier: MIT
#
# Makes the users that one plays with. Their passwords are known to everybody: not for a site that
# others can reach.
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management.base import BaseCommand
from django.db import transaction

USERS = {"alice": {"is_staff": True}, "bob": {}, "carol": {}}
STAFF_MAY = ["view_user", "view_notification", "add_notification", "change_notification"]


class Command(BaseCommand):
    help = "Creates the users alice (staff), bob and carol, if they are missing, for trying out."

    @transaction.atomic
    def handle(self, *args, **options):
        for name, fields in USERS.items():
            user = self._find_or_create(name, fields)
            known = user.check_password(password_of(name))
            says = password_of(name) if known else "(was here before, with another password)"
            self.stdout.write(f"{name:<6} {says}{'  staff' if user.is_staff else ''}")

    def _find_or_create(self, name, fields):
        users = get_user_model().objects
        found = users.filter(username=name).first()
        if found:
            return found
        user = users.create_user(name, password=password_of(name), **fields)
        if user.is_staff:
            user.user_permissions.set(Permission.objects.filter(codename__in=STAFF_MAY))
        return user


def password_of(name):
    return f"{name}-demo"
