# SPDX-License-Identifier: MIT
#
# The URLs of the first contract that django_notify doesn't have.
from django.urls import path

from classic import views

urlpatterns = [
    path("notifications/", views.notifications, name="classic_notifications"),
    path("postMessage/", views.post_message, name="post_message"),
]
