"""Every address of this room for everybody: people are kept by office and management, a board by its administrator."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kring.people.models import Child, Guardianship, KeepApart, StaffAbsence, TeamRole
from tests.cast import ROLES, TODAY, Cast

MAY = {"office", "management"}
CANARY = "kanariegrond"
PAGES = {
    "manage": "",
    "children": "",
    "new_child": "",
    "child": "child",
    "change_child": "child",
    "end_child": "child",
    "enrol": "child",
    "add_guardian": "child",
    "keep_apart": "child",
    "move": "enrolment",
    "end_enrolment": "enrolment",
    "change_guardian": "guardianship",
    "end_guardian": "guardianship",
    "persons": "",
    "new_person": "",
    "person": "person",
    "change_person": "person",
    "end_person": "person",
    "give_role": "person",
    "report_absence": "person",
    "change_role": "role",
    "end_role": "role",
    "team": "",
    "groups": "",
    "group": "group",
    "close_group": "group",
}
BUTTONS = {"shield_child": "child", "end_apart": "apart", "remove_absence": "absence"}
BOARD_PAGES = ["board", "add_school", "new_manager", "end_manager"]


def subjects(cast: Cast) -> dict[str, str]:
    one, other = sorted((cast.people["guardian"], cast.people["limited"]), key=lambda person: person.pk)
    apart = KeepApart.objects.create(school=cast.school, child=cast.child, first=one, second=other)
    absence = StaffAbsence.objects.create(
        school=cast.school, person=cast.people["teacher"], starts_on=TODAY, ends_on=TODAY
    )
    return {
        "child": cast.child.public_id,
        "person": cast.people["teacher"].public_id,
        "group": cast.five.public_id,
        "enrolment": cast.child.enrolments.get().public_id,
        "guardianship": Guardianship.objects.get(person=cast.people["limited"]).public_id,
        "role": TeamRole.objects.get(person=cast.people["teacher"]).public_id,
        "apart": apart.public_id,
        "absence": absence.public_id,
    }


def address(cast: Cast, name: str, about: str, known: dict[str, str]) -> str:
    return reverse(f"people:{name}", args=[cast.school.public_id, *([known[about]] if about else [])])


def expected(role: str) -> int:
    if role == "signed out":
        return 302
    return 200 if role in MAY else 404


@pytest.mark.both_databases
@pytest.mark.parametrize("role", ROLES)
def test_only_office_and_management_keep_people(cast: Cast, role: str) -> None:
    known, client = subjects(cast), cast.client(role)
    Guardianship.objects.filter(person=cast.people["limited"]).update(ground=CANARY)
    for name, about in PAGES.items():
        response = client.get(address(cast, name, about, known))
        assert (name, response.status_code) == (name, expected(role))
        if role not in MAY:
            assert CANARY not in response.content.decode()


@pytest.mark.both_databases
@pytest.mark.parametrize("role", ROLES)
def test_only_office_and_management_press_the_buttons(cast: Cast, role: str) -> None:
    known, client = subjects(cast), cast.client(role)
    for name, about in BUTTONS.items():
        response = client.post(address(cast, name, about, known))
        assert (name, response.status_code) == (name, 404 if expected(role) == 404 else 302)
    did = (
        Child.objects.get(pk=cast.child.pk).shielded,
        not KeepApart.objects.exists(),
        not StaffAbsence.objects.exists(),
    )
    assert did == ((True,) * 3 if role in MAY else (False,) * 3)


@pytest.mark.both_databases
@pytest.mark.parametrize("role", ROLES)
def test_only_the_administrator_opens_the_board(cast: Cast, role: str) -> None:
    client, board = cast.client(role), cast.board.public_id
    manager = TeamRole.objects.get(person=cast.people["management"]).public_id
    args = {
        "board": [board],
        "add_school": [board],
        "new_manager": [board, cast.school.public_id],
        "end_manager": [board, manager],
    }
    wanted = {"signed out": 302, "board_admin": 200}.get(role, 404)
    for name in BOARD_PAGES:
        response = client.get(reverse(f"people:{name}", args=args[name]))
        assert (name, response.status_code) == (name, wanted)


@pytest.mark.both_databases
def test_an_administrator_of_the_board_sees_no_role_but_management(cast: Cast) -> None:
    role = TeamRole.objects.get(person=cast.people["teacher"]).public_id
    where = reverse("people:end_manager", args=[cast.board.public_id, role])
    assert cast.client("board_admin").get(where).status_code == 404


@pytest.mark.both_databases
@pytest.mark.parametrize("about", ["child", "person", "group", "enrolment", "guardianship", "role"])
def test_what_is_of_one_school_is_not_found_at_another(cast: Cast, about: str) -> None:
    known, client = subjects(cast), cast.client("second_office")
    name = next(name for name, subject in PAGES.items() if subject == about)
    strange = reverse(f"people:{name}", args=[cast.second_school.public_id, known[about]])
    assert client.get(strange).status_code == 404
    assert cast.client("office").get(address(cast, name, about, known)).status_code == 200
