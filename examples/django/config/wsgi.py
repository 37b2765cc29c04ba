# SPDX-License-Identifier: MIT
#
# The site as a WSGI application, for runserver and for uWSGI:
#
#     uwsgi --plugin python3 --http-socket 127.0.0.1:3031 --chdir examples/django \
#           --module config.wsgi
#
# It serves the static files too, so that the example runs without preparation. For many visitors,
# run `manage.py collectstatic` and let Nginx serve that folder; this handler then gets no requests
# for static files.
#
# uWSGI may load this once and fork its workers afterwards (no lazy-apps): nothing connects to
# Redis or to the database before the first request, and redis-py's pools notice a fork by the pid.
import os

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.exception import response_for_exception
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Site(StaticFilesHandler):
    def get_response(self, request):
        # Django's own handler lets this exception reach the server, which then sends no answer.
        try:
            return super().get_response(request)
        except SuspiciousOperation as problem:  # "../" in the path of a file
            return response_for_exception(request, problem)


application = Site(get_wsgi_application())
