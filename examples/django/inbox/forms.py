# SPDX-License-Identifier: MIT
#
# The forms of the inbox site. Lengths, levels and forbidden characters are the model's rules.
import uuid

from django import forms
from django.contrib.auth import get_user_model

from django_notify import notify, notify_all
from django_notify.models import Notification


class LinesField(forms.CharField):
    """A text of several lines. Browsers send two characters for the end of each; it is one."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class SendForm(forms.ModelForm):
    # Who may log in may send to all here. A site that others use asks for a permission first, in
    # views.send and before it offers `everyone`: has_perm("django_notify.add_notification").
    to = forms.CharField(
        required=False, max_length=150, label="To", help_text="A user name."
    )
    everyone = forms.BooleanField(required=False, label="All users")
    # Another one in each form that is shown: a double click sends one form twice.
    once = forms.UUIDField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)

    class Meta:
        model = Notification
        fields = ["verb", "target", "description", "level"]
        field_classes = {"description": LinesField}
        labels = {"verb": "What you did"}
        help_texts = {
            "verb": "Such as “commented on”.",
            "target": "What you did it to, such as “Your photo”.",
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}

    def clean(self):
        cleaned = super().clean()
        name, everyone = cleaned.get("to"), cleaned.get("everyone")
        if everyone and name:
            self.add_error("to", "Leave this empty to send to all users, or untick “All users”.")
        elif not everyone and "to" in cleaned:
            cleaned["user"] = self._recipient(name)
        return cleaned

    def send(self, actor):
        """Sends, and returns a sentence that says to whom."""
        texts = {name: self.cleaned_data[name] for name in self.Meta.fields}
        if self.cleaned_data["everyone"]:
            return f"Sent to all {notify_all(actor=actor, **texts)} users."
        user = self.cleaned_data["user"]
        notify(user, actor=actor, **texts)
        return f"Sent to {user.get_username()}."

    def _recipient(self, name):
        users = get_user_model()._default_manager
        if not name:
            self.add_error("to", "Name a user, or tick “All users”.")
            return None
        try:
            user = users.get_by_natural_key(name)
        except get_user_model().DoesNotExist:
            user = None
        if user is None or not user.is_active:
            self.add_error("to", f"There is no active user “{name}”. Look at the spelling.")
            return None
        return user
