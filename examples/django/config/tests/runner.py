# SPDX-License-Identifier: MIT
#
# `manage.py test`, from whichever folder, in less time, and without a word about the refusals that
# are wanted.
import logging

from django.conf import settings
from django.test.runner import DiscoverRunner
from django.test.utils import override_settings

# A good hash takes its time on purpose, and there are many log-ins here.
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class SiteRunner(DiscoverRunner):
    def build_suite(self, test_labels=None, extra_tests=None, **kwargs):
        return super().build_suite(test_labels or [str(settings.BASE_DIR)], extra_tests, **kwargs)

    def run_suite(self, suite, **kwargs):
        for name in ("django.request", "django.security"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        with override_settings(PASSWORD_HASHERS=QUICK):
            return super().run_suite(suite, **kwargs)
