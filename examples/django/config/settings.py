# SPDX-License-Identifier: MIT
#
# The settings of the example site. What differs between machines comes from the environment, where
# every variable is optional. The lines of django_notify are marked: your own site needs only the
# app in INSTALLED_APPS, and NOTIFY_REDIS.
import os
from pathlib import Path

from config import environment

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("SITE_DATA") or BASE_DIR / "data")

DEBUG = environment.flag("SITE_DEBUG")
ALLOWED_HOSTS = environment.hosts("SITE_HOSTS")
SECRET_KEY = environment.secret_key(DATA_DIR)
DATABASES = {"default": environment.database("SITE_DATABASE", DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_notify",  # django_notify, line 1 of 2
    "inbox",
    "classic",
]

NOTIFY_REDIS = os.environ.get("NOTIFY_REDIS") or "redis://127.0.0.1:6379"  # line 2 of 2
NOTIFY_FOLLOW = os.environ.get("NOTIFY_FOLLOW") or "user"  # or "session"
NOTIFY_GATEWAY = os.environ.get("NOTIFY_GATEWAY") or ""  # this site, by way of Nginx
NOTIFY_DETAIL_URL = "notification"  # the page of one notification, in inbox/urls.py

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.content_security_policy",
    "config.middleware.forms_are_utf8",
    "config.middleware.cookies_without_nul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
CSRF_FAILURE_VIEW = "config.csrf.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# A site with HTTPS should also set SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE.
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"  # for `manage.py collectstatic`

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}

TEST_RUNNER = "config.tests.runner.SiteRunner"
