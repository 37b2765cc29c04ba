# SPDX-License-Identifier: MIT
#
# `manage.py test`, from whichever folder, with a private Redis that ends with it.
import logging

from django.conf import settings
from django.test.runner import DiscoverRunner
from django.test.utils import override_settings

from django_notify.tests.redis_server import RedisServer


class RedisRunner(DiscoverRunner):
    def build_suite(self, test_labels=None, extra_tests=None, **kwargs):
        return super().build_suite(test_labels or [str(settings.BASE_DIR)], extra_tests, **kwargs)

    def setup_test_environment(self, **kwargs):
        super().setup_test_environment(**kwargs)
        self._redis = RedisServer()
        self._settings = override_settings(
            NOTIFY_REDIS=self._redis.url,
            NOTIFY_FOLLOW="user",
            # A good hash takes its time on purpose, and there are many log-ins here.
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        )
        self._settings.enable()

    def run_suite(self, suite, **kwargs):
        for name in ("django.request", "django.security"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # refusals are wanted here
        return super().run_suite(suite, **kwargs)

    def run_tests(self, *args, **kwargs):
        try:
            return super().run_tests(*args, **kwargs)
        finally:
            # The base class leaves the environment as it is if the database can't be made.
            if hasattr(self, "_redis"):
                self._redis.stop()

    def teardown_test_environment(self, **kwargs):
        self._settings.disable()
        super().teardown_test_environment(**kwargs)
