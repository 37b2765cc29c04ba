# SPDX-License-Identifier: MIT
#
# The URLs of the app. The gateway's --subscribe-by-cookies-url names current_user_id.
from django.urls import path

from django_notify import views

app_name = "django_notify"

urlpatterns = [
    path("currentUserId/", views.current_user_id, name="current_user_id"),
    path("uuidCookie/", views.uuid_cookie, name="uuid_cookie"),
    path("unread/", views.unread, name="unread"),
    path("read/", views.read, name="read"),
]
