"""Who may open the settings of a school: its office and management, and nobody else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kring.school.models import Holiday
from tests.cast import ROLES, TODAY, Cast

PAGES = [
    "settings",
    "groups",
    "add_group",
    "group",
    "lesson_hours",
    "layers",
    "add_layer",
    "layer",
    "holidays",
    "add_holiday",
]
BUTTONS = ["add_year", "remove_holiday"]
MAY = {"office", "management"}


def address(cast: Cast, name: str) -> str:
    args = [cast.school.public_id]
    if name in ("group", "lesson_hours"):
        args.append(cast.five.public_id)
    if name == "layer":
        args.append(cast.lower.public_id)
    if name == "remove_holiday":
        holiday = Holiday.objects.create(school=cast.school, name="Studiedag", starts_on=TODAY, ends_on=TODAY)
        args.append(holiday.public_id)
    return reverse(f"school:{name}", args=args)


def expected(role: str) -> int:
    if role == "signed out":
        return 302
    return 200 if role in MAY else 404


@pytest.mark.both_databases
@pytest.mark.parametrize("role", ROLES)
def test_only_office_and_management_open_the_settings(cast: Cast, role: str) -> None:
    client = cast.client(role)
    got = {name: client.get(address(cast, name)).status_code for name in PAGES}
    assert got == dict.fromkeys(PAGES, expected(role))


@pytest.mark.both_databases
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", BUTTONS)
def test_only_office_and_management_press_the_buttons(cast: Cast, role: str, name: str) -> None:
    where = address(cast, name)
    years = cast.school.years.count()
    response = cast.client(role).post(where)
    assert response.status_code == (404 if role not in MAY and role != "signed out" else 302)
    changed = cast.school.years.count() != years or (name == "remove_holiday" and not Holiday.objects.exists())
    assert changed == (role in MAY)


@pytest.mark.both_databases
def test_a_group_of_another_school_is_not_here(cast: Cast) -> None:
    where = reverse("school:group", args=[cast.school.public_id, cast.second_group.public_id])
    assert cast.client("office").get(where).status_code == 404
    own = reverse("school:group", args=[cast.second_school.public_id, cast.second_group.public_id])
    assert cast.client("second_office").get(own).status_code == 200
