# SPDX-License-Identifier: MIT
#
# A site around the app, for its tests: they run in any project that the app is copied to.
from django.contrib import admin
from django.http import HttpResponse
from django.template import RequestContext, Template
from django.urls import include, path


def page(request):
    template = Template("{% load notify %}{% notify_inbox %}")
    return HttpResponse(template.render(RequestContext(request, {"request": request})))


urlpatterns = [
    path("", page),
    path("python/", include("django_notify.urls")),
    path("notifications/<uuid:key>/", page, name="one"),
    path("admin/", admin.site.urls),
]
