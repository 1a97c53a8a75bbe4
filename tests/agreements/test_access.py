"""Who may open what: every address of the room, for everybody of the cast."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.agreements.making import publish
from tests.cast import ROLES, Cast

MEMBERS = {
    "guardian", "other_guardian", "limited", "shielded_guardian", "teacher", "duo", "other_teacher", "office",
    "management", "care_coordinator", "class_parent", "parent_council", "board_admin",
}  # fmt: skip
READ = ["", "versions/1/"]
WRITE_PAGES = ["edit/", "preview/"]
WRITE_POSTS = ["edit/live/", "publish/", "discard/"]


def expected(role: str, allowed: set[str], *, ok: int = 200) -> int:
    if role == "signed out":
        return 302
    if role not in MEMBERS:
        return 404
    return ok if role in allowed else 403


@pytest.mark.both_databases
@pytest.mark.parametrize("role", ROLES)
def test_who_opens_which_page(cast: Cast, role: str) -> None:
    publish(cast)
    by = cast.client("management")
    start = f"/school/{cast.school.public_id}/agreements/"
    by.post(f"{start}edit/", {"do": "save"})
    client: Client = cast.client(role)
    found = {path: client.get(start + path).status_code for path in [*READ, *WRITE_PAGES]}
    assert found == {
        **{path: expected(role, MEMBERS) for path in READ},
        **{path: expected(role, {"management"}) for path in WRITE_PAGES},
    }
    assert client.get(f"{start}public/").status_code == 404
    posted = {path: client.post(start + path, {}).status_code for path in WRITE_POSTS}
    assert posted["edit/live/"] == expected(role, {"management"})
    assert posted["publish/"] == expected(role, {"management"}, ok=422)
    assert posted["discard/"] == expected(role, {"management"}, ok=302)
    persons = MEMBERS - {"board_admin"}
    assert client.post(f"{start}confirm/").status_code == expected(role, persons, ok=302)
    copying = client.get(f"/board/{cast.board.public_id}/agreements/copy/").status_code
    assert copying == {"signed out": 302, "board_admin": 200}.get(role, 404)


@pytest.mark.both_databases
def test_the_public_page_is_there_only_when_the_school_says_so(cast: Cast) -> None:
    path = f"/school/{cast.school.public_id}/agreements/public/"
    nobody = Client()
    assert nobody.get(path).status_code == 404
    publish(cast)
    assert nobody.get(path).status_code == 404
    publish(cast, is_public=True)
    shown = nobody.get(path)
    assert shown.status_code == 200
    assert "twee groepsberichten per week" in shown.content.decode()
    assert "Wijzigen" not in shown.content.decode()


def test_the_address_for_everybody_stands_on_the_page_once_it_works(cast: Cast) -> None:
    client, address = cast.client("management"), f"/school/{cast.school.public_id}/agreements/public/"
    page = f"/school/{cast.school.public_id}/agreements/"
    publish(cast)
    assert address not in client.get(page).content.decode()
    publish(cast, is_public=True)
    assert address in client.get(page).content.decode()
