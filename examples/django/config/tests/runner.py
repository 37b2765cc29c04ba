# SPDX-License-Identifier: MIT
#
# The runner of `manage.py test`: it works from any folder, saves time, and does not show the log of
# refusals that tests cause on purpose.
import logging

from django.conf import settings
from django.test.runner import DiscoverRunner
from django.test.utils import override_settings

# A good password hash is slow on purpose, and the tests log in many times.
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class SiteRunner(DiscoverRunner):
    def build_suite(self, test_labels=None, extra_tests=None, **kwargs):
        return super().build_suite(test_labels or [str(settings.BASE_DIR)], extra_tests, **kwargs)

    def run_suite(self, suite, **kwargs):
        for name in ("django.request", "django.security"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        with override_settings(PASSWORD_HASHERS=QUICK):
            return super().run_suite(suite, **kwargs)
