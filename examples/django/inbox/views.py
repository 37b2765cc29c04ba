# SPDX-License-Identifier: MIT
#
# The pages of the inbox site.
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from django_notify.models import Notification
from inbox.forms import SendForm


@method_decorator(never_cache, name="dispatch")
class LogIn(LoginView):
    """The login form; who is logged in already is sent on."""

    template_name = "inbox/login.html"
    redirect_authenticated_user = True

    def get_redirect_url(self):
        # Django checks that `next` is of this site. Back to this very page it would go for ever.
        url = super().get_redirect_url()
        return "" if url.partition("?")[0] == self.request.path else url


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_out(request):
    """Asks on GET and logs out on POST, so that no link of another site can log anybody out."""
    if not request.user.is_authenticated:
        return redirect("login")
    if request.method != "POST":
        return render(request, "inbox/log_out.html")
    auth.logout(request)
    return render(request, "inbox/logged_out.html")


@never_cache
@require_safe
@login_required
def home(request):
    return render(request, "inbox/home.html", {"page": request.GET.get("page", 1)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def send(request):
    form = SendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _send_once(request, form)
        return redirect("send")
    return render(request, "inbox/send.html", {"form": form})


def _send_once(request, form):
    once = str(form.cleaned_data["once"] or "")
    if once and request.session.get("sent") == once:
        messages.info(request, "This was sent already, and was not sent again.")
        return
    _remember_sent(request, once)  # now: a second click doesn't wait for the answer to the first
    try:
        messages.success(request, form.send(actor=request.user.get_username()))
    except Exception:
        _remember_sent(request, "")
        raise


def _remember_sent(request, once):
    request.session["sent"] = once
    request.session.save()


@never_cache
@require_safe
@login_required
def notification(request, key):
    # Somebody else's is not found, as if it didn't exist.
    found = get_object_or_404(Notification, key=key, recipient=request.user)
    return render(request, "inbox/notification.html", {"notification": found})
