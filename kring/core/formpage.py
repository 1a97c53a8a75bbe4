"""A page with one form: read, check, call one action, go on; what was typed stays when the action refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kring.core.access import Refused
from kring.core.htmx import page

TEMPLATE = "core/formpage.html"


def form_page(
    request: HttpRequest,
    *,
    form: BaseForm,
    act: Callable[[dict[str, Any]], object],
    title: str,
    back: str,
    submit: str = "",
    done: str = "",
    onward: Callable[[Any], str] | None = None,
    template: str = TEMPLATE,
    **context: Any,
) -> HttpResponse:
    """Show `form`; when it is sent and right, call `act` with its data and go to `back` (or `onward(result)`).

    `form` must be bound when the request is a POST. A Refused of the action becomes the form's own sentence.
    """
    if request.method == "POST" and form.is_valid():
        try:
            result = act(form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            if done:
                messages.success(request, done)
            return redirect(onward(result) if onward else back)
    context |= {"form": form, "title": title, "back": back, "submit": submit or _("Save")}
    return page(request, template, context)


def posted(
    request: HttpRequest, act: Callable[[], object], *, back: str, done: str = "", onward: str = ""
) -> HttpResponseRedirect:
    """Call `act` for a button without fields and go `back`, or `onward` when the page it stood on is gone by that.

    A Refused goes `back` and is shown there as a sentence.
    """
    try:
        act()
    except Refused as refused:
        messages.error(request, refused.sentence)
        return HttpResponseRedirect(back)
    if done:
        messages.success(request, done)
    return HttpResponseRedirect(onward or back)
