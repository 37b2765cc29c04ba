# SPDX-License-Identifier: MIT
#
# The URLs of the site.
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("inbox.urls")),
    path("python/", include("django_notify.urls")),
    path("python/", include("classic.urls")),
    path("admin/", admin.site.urls),
]
