"""A session that ended while a page was open: the page stays, and says what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kring.accounts.middleware import SEEN
from tests.cast import Cast

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_a_script_hears_401_where_a_page_leads_to_signing_in(cast: Cast) -> None:
    where = reverse("posts:new", args=[cast.school.public_id])
    nobody = cast.client("signed out")
    assert nobody.get(where, headers=HTMX).status_code == 401
    assert nobody.get(where).url == f"/account/login/?next={where}"
    assert cast.client("teacher").get(where, headers=HTMX).status_code == 200


def test_a_session_that_was_idle_too_long_ends_the_same_way(cast: Cast) -> None:
    where = reverse("posts:new", args=[cast.school.public_id])
    client = cast.client("teacher")
    assert client.get(where, headers=HTMX).status_code == 200
    session = client.session
    session[SEEN] = (timezone.now() - timedelta(days=2)).timestamp()
    session.save()
    assert client.get(where, headers=HTMX).status_code == 401
