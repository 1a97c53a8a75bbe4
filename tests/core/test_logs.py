from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from config.urls import handler400, handler403, handler404, handler500  # noqa: F401  the pages for errors
from kring.core.logs import WithoutRequests, formatter

CANARY = "kanarie-Joep"


@csrf_exempt
@login_not_required
def fall_over(request: HttpRequest, token: str) -> HttpResponse:
    values = request.POST.dict()
    raise ValueError(f"cannot save {values} for {token}")


urlpatterns = [path("", include("config.urls")), path("invite/<str:token>/", fall_over)]
urlpatterns.reverse()  # ours before the real page of that address


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(as_json=True))
    handler.addFilter(WithoutRequests())
    root, kring = logging.getLogger(), logging.getLogger("kring")
    before = kring.level
    root.addHandler(handler)
    kring.setLevel("INFO")
    yield stream
    root.removeHandler(handler)
    kring.setLevel(before)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_what_somebody_typed_never_reaches_the_log(log):
    client = Client(raise_request_exception=False)
    response = client.post(f"/invite/{CANARY}-token/?q={CANARY}", {"name": CANARY, "email": f"{CANARY}@example.org"})
    assert response.status_code == 500
    assert CANARY not in response.content.decode()
    text = log.getvalue()
    assert CANARY not in text
    lines = [json.loads(line) for line in text.splitlines()]
    # The twin: what is needed to find the fault is there.
    failure = next(line for line in lines if "problem" in line)
    assert failure["problem"] == "builtins.ValueError"
    assert "fall_over" in failure["where"]
    request = next(line for line in lines if line["event"] == "request")
    assert request["route"] == "invite/<str:token>/"
    assert request["status"] == 500
    assert request["request_id"]


def test_an_address_in_a_librarys_words_is_masked(log):
    logging.getLogger("smtplib").warning("refused <%s>", "noor@example.org")
    structlog.get_logger("kring.test").warning("x", about="joep@example.org")
    assert "noor@" not in log.getvalue()
    assert "joep@" not in log.getvalue()
    assert log.getvalue().count("[address]") == 2
