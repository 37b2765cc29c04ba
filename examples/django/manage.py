#!/usr/bin/python3
# SPDX-License-Identifier: MIT
#
# Django's command line for this project: runserver, migrate, test, demo_users and the rest.
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as problem:
        raise SystemExit(
            f"manage.py: {sys.executable} has no Django ({problem}). On Debian: "
            "apt-get install python3-django python3-redis, and start this with /usr/bin/python3."
        )
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
