"""Not yours answers like not there, to the byte; and no mixture of one's own school with another's things opens."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from kring.people.models import Enrolment, Guardianship, StaffAbsence, TeamRole
from kring.posts.models import Post
from kring.school.models import Holiday
from tests import factories as make
from tests.cast import Cast
from tests.house.access_table import TABLE, Line
from tests.house.scene import Scene, build_scene
from tests.house.test_access_matrix import FIXED, ask

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOWHERE = "A" * 16
OBJECTS = set(FIXED)
# What one request differs in from the next: its id, the form's token.
PASSING = re.compile(rb'[0-9a-f]{12}|name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def method_of(line: Line) -> str:
    return "POST" if line.get is None else "GET"


def hidden_from(line: Line, role: str) -> bool:
    cell = line.get or line.post
    names = [name for name in line.about.split() if name not in FIXED]
    return bool(cell and names and role not in cell.yes | cell.refused)


@pytest.mark.parametrize("role", ["other_guardian", "none", "other_teacher", "second_office"])
def test_what_is_not_yours_answers_to_the_byte_like_what_is_not_there(scene: Scene, role: str) -> None:
    client, tried, differing = scene.cast.client(role), 0, []
    for line in TABLE:
        if not hidden_from(line, role):
            continue
        answers: list[Any] = []
        for known in (scene.ids, dict.fromkeys(scene.ids, NOWHERE)):
            names = [FIXED.get(name) or known[name] for name in line.about.split()]
            answer = ask(client, method_of(line), reverse(line.name, args=names), {})
            body = answer.content
            for name in names:
                body = body.replace(name.encode(), b"")
            headers = {name: text for name, text in answer.headers.items() if name != "Content-Length"}
            answers.append((answer.status_code, PASSING.sub(b"", body), headers))
        tried += 1
        if answers[0] != answers[1]:
            differing.append(line.name)
    assert differing == []
    assert tried > 60


def second(cast: Cast) -> dict[str, str]:
    """Return the things of the second school by the names of the table."""
    person = cast.people["second_teacher"]
    return {
        "child": cast.second_child.public_id,
        "enrolment": Enrolment.objects.get(child=cast.second_child).public_id,
        "guardianship": Guardianship.objects.get(child=cast.second_child).public_id,
        "person": person.public_id,
        "newcomer": cast.people["second_guardian"].public_id,
        "role": TeamRole.objects.get(person=person).public_id,
        "manager": TeamRole.objects.get(person=cast.people["second_management"]).public_id,
        "group": cast.second_group.public_id,
    }


@pytest.mark.parametrize(
    ("role", "own", "others"),
    [
        ("office", "school", "second"),
        ("management", "school", "second"),
        ("second_office", "second", "school"),
        ("second_management", "second", "school"),
        ("board_admin", "board", "second"),
    ],
)
def test_ones_own_school_in_the_address_opens_nothing_of_another(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, role: str, own: str, others: str
) -> None:
    monkeypatch.setattr("kring.core.views._error", lambda request, status: HttpResponse(status=status))
    cast, client, tried = scene.cast, scene.cast.client(role), set()
    things = second(cast) if others == "second" else scene.ids
    place = {"school": cast.school, "second": cast.second_school, "board": cast.board}[own].public_id
    for line in TABLE:
        where, *rest = (*line.about.split(), "")
        names = [name for name in rest if name and name not in FIXED]
        if where not in ("school", "board") or (where == "board") != (own == "board"):
            continue
        if not names or not all(name in things or name == "school" for name in names):
            continue
        args = [place, *(cast.second_school.public_id if name == "school" else things[name] for name in names)]
        for method, cell in (("GET", line.get), ("POST", line.post)):
            if cell is not None:
                answer = ask(client, method, reverse(line.name, args=args), {})
                assert (line.name, method, answer.status_code) == (line.name, method, 404)
                tried.add(line.name)
    assert len(tried) >= (2 if own == "board" else 25)


def test_a_form_takes_nothing_of_another_school(scene: Scene) -> None:
    cast, things, day = scene.cast, second(scene.cast), "2026-11-25"
    client, place, child = cast.client("office"), cast.school.public_id, scene.ids["child"]

    def counts() -> tuple[int, ...]:
        return tuple(model.objects.count() for model in (Enrolment, Guardianship, TeamRole, StaffAbsence, Holiday))

    before = counts()
    forms: dict[str, tuple[list[str], dict[str, str], dict[str, str]]] = {
        "people:enrol": ([child], {"group": things["group"]}, {"year_level": "5", "starts_on": day}),
        "people:add_guardian": (
            [child], {"person": things["person"]},
            {"relation": "parent", "authority": "yes", "level": "full", "starts_on": day},
        ),
        "people:give_role": (
            [scene.ids["person"]], {"group": things["group"]}, {"kind": "duo", "starts_on": day},
        ),
        "people:report_absence": (
            [scene.ids["person"]], {"substitute": things["person"]}, {"starts_on": day, "ends_on": day},
        ),
        "school:add_holiday": (
            [], {"group": things["group"]}, {"name": "Vrij", "starts_on": day, "is_school_day": "no"},
        ),
    }  # fmt: skip
    extra = make.GroupFactory(school_year=cast.year, name="Plusgroep", kind="extra")
    own = {"group": extra.public_id, "person": cast.people["other_guardian"].public_id,
           "substitute": cast.people["duo"].public_id}  # fmt: skip
    for name, (args, foreign, fields) in forms.items():
        address = reverse(name, args=[place, *args])
        assert (name, client.post(address, {**fields, **foreign}).status_code) == (name, 200)
        assert (name, counts()) == (name, before)
        twin = ask(client, "POST", address, {**fields, **{field: own[field] for field in foreign}})
        assert (name, twin.status_code) == (name, 302)


def test_lists_and_pages_take_no_group_person_or_child_of_somebody_else(scene: Scene) -> None:
    cast, things = scene.cast, second(scene.cast)
    office, place = cast.client("office"), cast.school.public_id
    for name, asked in (("accounts:invitations", "group"), ("accounts:print", "group")):
        address = reverse(name, args=[place])
        assert office.get(address, {asked: cast.second_group.public_id}).status_code == 404
        assert office.get(address, {asked: cast.five.public_id}).status_code == 200
    printed = reverse("accounts:print", args=[place])
    assert office.post(printed, {"person": things["newcomer"]}).status_code == 404
    assert office.post(printed, {"person": scene.ids["newcomer"]}).status_code == 302
    guardian = cast.client("guardian")
    for child, status in ((cast.child, 200), (cast.other_child, 404), (cast.shielded, 404)):
        for place in ("/", "/older/", "/arrange/"):
            assert guardian.get(place, {"child": child.public_id}).status_code == status


def test_a_writer_gets_no_group_photo_or_child_of_another_group_into_her_post(scene: Scene) -> None:
    cast, teacher = scene.cast, scene.cast.client("teacher")
    draft = Post.objects.get(public_id=scene.ids["draft"])
    address = reverse("posts:compose", args=[draft.public_id])
    mine, other = scene.ids["draft.photo"], scene.ids["six.photo"]
    fields = {"title": "Soep", "source": "", "when": "now", "has_picker": "1", "action": "save"}
    for group in (cast.six, cast.second_group):
        teacher.post(address, {**fields, "audience": f"group:{group.public_id}", "photos": [mine, other]})
        assert group not in draft.audience.groups.all()  # type: ignore[union-attr]
        assert other not in draft.photos.values_list("photo__public_id", flat=True)
    teacher.post(address, {**fields, "audience": f"group:{cast.five.public_id}", "photos": [mine, other]})
    assert list(draft.audience.groups.all()) == [cast.five]  # type: ignore[union-attr]
    assert list(draft.photos.values_list("photo__public_id", flat=True)) == [mine]


def test_a_talk_names_a_child_of_the_writers_own_group_only(scene: Scene) -> None:
    cast, teacher = scene.cast, scene.cast.client("teacher")
    teacher.post(reverse("posts:new", args=[cast.school.public_id]), {"kind": "homework"})
    post = Post.objects.latest("pk")
    fields = {
        "title": "Spreekbeurten", "source": "", "when": "now", "audience": f"group:{cast.five.public_id}",
        "rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-from_date": "2026-12-01", "rows-0-text": "Vossen",
        "action": "publish",
    }  # fmt: skip
    address = reverse("posts:compose", args=[post.public_id])
    for child, status in ((cast.other_child, 422), (cast.second_child, 422), (cast.child, 302)):
        assert teacher.post(address, {**fields, "rows-0-child": child.public_id}).status_code == status
    assert [item.child for item in post.items.all()] == [cast.child]
