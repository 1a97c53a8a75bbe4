"""The request as a view finds it: with what our middlewares have put on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from kring.core.viewer import Viewer


class Request(HttpRequest):
    """Names, for the type checker, the attributes that the middlewares add; nothing ever makes one.

    They are there in every view. They may be missing earlier, on an error page of an early middleware: code that can
    run there takes an HttpRequest and asks with `getattr`.
    """

    id: str  # RequestIdMiddleware
    viewer: Viewer  # kring.people's ViewerMiddleware
    shell: Any  # kring.home's ShellMiddleware; its class lives in that higher room
    htmx: HtmxDetails  # django_htmx's HtmxMiddleware
    session_ends: datetime  # kring.accounts' SessionLengthMiddleware, on what a page asks by itself
    upload_too_large: bool  # set by LimitedUploadHandler, only on a refused upload


def is_own_address(request: HttpRequest, address: str) -> bool:
    """Say whether `address`, which came with the request, leads to this host: only then may somebody be sent there."""
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
