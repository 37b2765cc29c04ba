# SPDX-License-Identifier: MIT
#
# The URLs of the inbox site.
from django.urls import path

from inbox import views

urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.LogIn.as_view(), name="login"),
    path("logout/", views.log_out, name="logout"),
    path("send/", views.send, name="send"),
    path("notifications/<uuid:key>/", views.notification, name="notification"),
]
