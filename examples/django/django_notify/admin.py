# SPDX-License-Identifier: MIT
#
# Notifications in Django's admin. What is added, marked or deleted there is told to the pages.
from django.contrib import admin
from django.contrib.auth import get_user_model

from django_notify import api
from django_notify.models import Notification


@admin.register(Notification)
class NotificationAdmin(admin.ModelAdmin):
    list_display = ("__str__", "recipient", "level", "unread", "timestamp")
    list_filter = ("unread", "level", "timestamp")
    list_select_related = ("recipient",)
    raw_id_fields = ("recipient",)
    readonly_fields = ("key",)
    search_fields = ("actor", "verb", "target")
    show_full_result_count = False  # counting a large table takes longer than showing a page of it
    view_on_site = False  # its page is for its recipient only

    def get_search_fields(self, request):
        return (*self.search_fields, f"recipient__{get_user_model().USERNAME_FIELD}")

    def get_readonly_fields(self, request, obj=None):
        # One that is there goes to nobody else: it would be taken from a page without a word.
        return (*self.readonly_fields, "recipient") if obj else self.readonly_fields

    def save_model(self, request, obj, form, change):
        was_unread = change and Notification.objects.filter(pk=obj.pk, unread=True).exists()
        super().save_model(request, obj, form, change)
        if obj.unread and not was_unread:
            api.push_stored(obj)
        elif was_unread and not obj.unread:
            api.push_read([(obj.recipient_id, obj.key)], obj._state.db)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        api.push_read([(obj.recipient_id, obj.key)], obj._state.db)

    def delete_queryset(self, request, queryset):
        gone = list(queryset.values_list("recipient_id", "key"))
        super().delete_queryset(request, queryset)
        api.push_read(gone, queryset.db)
