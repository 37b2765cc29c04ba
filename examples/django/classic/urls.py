# SPDX-License-Identifier: MIT
#
# The URLs of the live page; django_notify has those that the gateway asks.
from django.urls import path

from classic import views

urlpatterns = [
    path("notifications/", views.notifications, name="classic_notifications"),
    path("postMessage/", views.post_message, name="post_message"),
]
