"""Every address of the inbox for every role: each sees her own inbox, and nobody another's."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kring.notifications import outbox
from kring.notifications.actions import notify
from kring.notifications.models import Delivery
from kring.notifications.rules import Channel
from kring.people.models import Audience
from tests.cast import ROLES
from tests.notifications.kinds import SECRET, AboutChild

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SIGNED_OUT = "signed out"
EXPECTED_OPEN = dict.fromkeys(ROLES, 404) | {SIGNED_OUT: "sign-in", "guardian": "subject"}


@pytest.fixture
def line(cast) -> Delivery:
    """A line in the inbox of the guardian, about her child."""
    audience = Audience.objects.create(school=cast.school, whole_school=True)
    outbox.expand(notify(AboutChild(cast.child), audience=audience, school=cast.school, not_before=timezone.now()))
    return Delivery.objects.get(user=cast.user("guardian"), channel=Channel.INBOX)


@pytest.mark.parametrize("role", ROLES)
def test_the_inbox_shows_ones_own_lines_only(cast, line, role):
    response = cast.client(role).get("/inbox/")
    if role == SIGNED_OUT:
        assert response.status_code == 302
        return
    assert response.status_code == 200
    assert (line.public_id in response.content.decode()) == (role == "guardian")
    assert (SECRET in response.content.decode()) == (role in {"guardian", "limited"})


@pytest.mark.parametrize("role", ROLES)
def test_a_line_is_opened_by_its_owner_only(cast, line, role):
    response = cast.client(role).post(f"/inbox/{line.public_id}/open/")
    expected = EXPECTED_OPEN[role]
    line.refresh_from_db()
    assert (line.read_at is not None) == (expected == "subject")
    if expected == 404:
        assert response.status_code == 404
    elif expected == "sign-in":
        assert response.status_code == 302
        assert "next=" in response["Location"]
    else:
        assert response["Location"] == f"/children/{cast.child.public_id}/"


@pytest.mark.parametrize("role", ROLES)
def test_marking_all_as_read_touches_ones_own_lines_only(cast, line, role):
    assert cast.client(role).post("/inbox/read/").status_code == 302
    line.refresh_from_db()
    assert (line.read_at is not None) == (role == "guardian")


def test_a_get_changes_nothing(cast, line):
    client = cast.client("guardian")
    assert client.get(f"/inbox/{line.public_id}/open/").status_code == 405
    assert client.get("/inbox/read/").status_code == 405
    client.get("/inbox/")
    line.refresh_from_db()
    assert line.read_at is None


def test_a_mail_delivery_is_no_line_of_the_inbox(cast, line):
    letter = Delivery.objects.get(user=cast.user("guardian"), channel=Channel.EMAIL)
    assert cast.client("guardian").post(f"/inbox/{letter.public_id}/open/").status_code == 404
