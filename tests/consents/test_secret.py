"""The list of a group cannot be inferred by a parent of that group: every page she gets is the same to the byte,
whatever the other families chose. What is shown of photos may differ; that is the room of the photos, see its tests.
"""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.urls import reverse

from kring.core import views as core
from kring.people.models import Child, KeepApart
from tests.cast import Cast
from tests.consents.giving import say, second_parent
from tests.consents.secret import differences, pages_in_worlds
from tests.house.access_table import TABLE
from tests.house.scene import Scene, build_scene
from tests.house.test_access_matrix import FIXED

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
# Parents of groep 5; the class parent is one too, "limited" and "none" are so without a say.
PARENTS = ["guardian", "class_parent", "shielded_guardian", "limited", "none"]


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def pages_of(scene: Scene) -> dict[str, str]:
    """Return every address of the access table that anybody may GET, filled in: address -> its name."""
    known = {**FIXED, **scene.ids}
    found = {}
    for line in TABLE:
        if line.get is not None:
            address = reverse(line.name, args=[known[name] for name in line.about.split()])
            more = "&".join(f"{name}={scene.ids.get(thing, thing)}" for name, thing in line.more.items())
            found[f"{address}?{more}" if more else address] = line.name
    return found


def others_than(cast: Cast, role: str) -> list[Child]:
    own = cast.viewer(role).own_child_ids
    return list(Child.objects.filter(school=cast.school).exclude(pk__in=own))


@pytest.mark.parametrize("role", PARENTS)
def test_no_page_of_a_parent_depends_on_what_other_families_chose(scene: Scene, role: str) -> None:
    pages = pages_of(scene)
    worlds = pages_in_worlds(scene.cast, role=role, pages=pages, others=others_than(scene.cast, role))
    got = sum(status == 200 for status, _body, _headers in worlds[0].values())
    assert got > 15  # these are pages, and not the way to sign in
    assert differences(worlds) == {}


def test_the_comparison_sees_a_difference_where_there_is_one(scene: Scene) -> None:
    """The same comparison, for who may know it: the teacher's list is not the same."""
    group = reverse("consents:group", args=[scene.ids["school"], scene.ids["group"]])
    worlds = pages_in_worlds(scene.cast, role="teacher", pages=[group], others=others_than(scene.cast, "guardian"))
    assert set(differences(worlds)) == {group}


def test_an_error_says_the_same_whatever_was_chosen(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not hers is not there: the answers to a child with and without consent are the same."""
    monkeypatch.setattr(core, "_error", lambda request, status: HttpResponse(status=status))
    names = [reverse(f"consents:{name}", args=[cast.shielded.public_id]) for name in ("child", "changes")]
    names.append(reverse("consents:reasons", args=[cast.school.public_id, cast.shielded.public_id]))
    worlds = pages_in_worlds(cast, role="class_parent", pages=names, others=[cast.shielded])
    assert {status for status, _body, _headers in worlds[0].values()} == {404}
    assert differences(worlds) == {}


def test_another_guardian_without_a_say_sees_nothing_of_what_was_chosen_for_the_child(cast: Cast) -> None:
    pages = ["/", "/more/", "/arrange/", f"/?child={cast.child.public_id}", reverse("consents:own")]
    worlds = pages_in_worlds(cast, role="limited", pages=pages, others=[cast.child])
    assert differences(worlds) == {}


def test_who_is_kept_apart_gets_the_same_pages_whatever_the_other_chose(cast: Cast) -> None:
    second = second_parent(cast, cast.child)
    first, last = sorted([second.pk, cast.people["guardian"].pk])
    KeepApart.objects.create(school=cast.school, child=cast.child, first_id=first, second_id=last)
    say(cast, "second_parent", cast.child, True, "website", "board")
    own = [reverse(f"consents:{name}", args=[cast.child.public_id]) for name in ("child", "changes")]
    pages = [*own, "/", "/more/", "/arrange/", "/inbox/"]
    seen = []
    for is_yes in (True, False):
        say(cast, "guardian", cast.child, is_yes)
        seen.append(pages_in_worlds(cast, role="second_parent", pages=pages, others=[])[2])
    assert differences(seen) == {}
