"""Who opens which page of home, and what stands there for whom: every role, with an explicit answer."""

from __future__ import annotations

import pytest

from tests import factories as make
from tests.cast import ROLES, Cast, answers, expected
from tests.home.telling import news_of, tell, titles_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PARENTS = {"guardian", "other_guardian", "limited", "shielded_guardian", "class_parent", "parent_council"}
PARENTS |= {"second_guardian"}
STAFF = {"teacher", "duo", "other_teacher", "office", "management", "care_coordinator"}
SECOND_STAFF = {"second_teacher", "second_office", "second_management"}
MEMBERS = {
    "guardian",
    "other_guardian",
    "limited",
    "shielded_guardian",
    "class_parent",
    "parent_council",
    "board_admin",
}
GROUP_READERS = {"guardian", "shielded_guardian", "class_parent"}
GROUP_TEAM = {"teacher", "duo", "office", "management"}


def test_who_has_news_and_who_goes_to_a_place_of_her_own(cast: Cast) -> None:
    elsewhere = STAFF | SECOND_STAFF | {"board_admin"}
    assert answers(cast, "/") == expected(200, _302=elsewhere)
    team = f"/school/{cast.school.public_id}/team/"
    assert {role: cast.client(role).get("/").headers["Location"] for role in STAFF} == dict.fromkeys(STAFF, team)
    assert cast.client("board_admin").get("/").headers["Location"] == f"/board/{cast.board.public_id}/"
    for role in ("none", "former_guardian", "ended_substitute"):
        assert "hoort nog geen school" in cast.client(role).get("/").content.decode().replace("\n", " ")


def test_who_arranges_something(cast: Cast) -> None:
    assert answers(cast, "/arrange/") == expected(302, _200=PARENTS)


@pytest.mark.parametrize("address", ["/older/", "/search/", "/search/?q=bos", "/more/"])
def test_everybody_who_is_signed_in_opens_the_rest(cast: Cast, address: str) -> None:
    assert answers(cast, address) == expected(200)


def test_who_sees_the_day_of_the_team_at_which_school(cast: Cast) -> None:
    first, second = (f"/school/{school.public_id}/team/" for school in (cast.school, cast.second_school))
    assert answers(cast, first) == expected(404, _200=STAFF, _403=MEMBERS)
    assert answers(cast, second) == expected(404, _200=SECOND_STAFF, _403={"second_guardian"})


@pytest.mark.parametrize("address", ["/search/?q=kanarie", "/older/"])
def test_a_post_of_a_group_is_found_by_its_readers_only(cast: Cast, address: str) -> None:
    tell(cast, "De kanarie zingt", kind="group")
    found = {role for role in ROLES if "De kanarie zingt" in cast.client(role).get(address).content.decode()}
    assert found == GROUP_READERS | GROUP_TEAM


def test_a_post_of_the_whole_school_is_found_by_that_school_only(cast: Cast) -> None:
    tell(cast, "De kanarie zingt", by="management", kind="announcement", whole_school=True)
    found = {role for role in ROLES if "De kanarie" in cast.client(role).get("/search/?q=kanarie").content.decode()}
    assert found == (PARENTS - {"second_guardian"}) | STAFF


def test_a_limited_guardian_reads_what_is_for_the_whole_school_and_no_group(cast: Cast) -> None:
    tell(cast, "Van de groep", kind="group")
    tell(cast, "Van de school", by="management", kind="announcement", whole_school=True)
    assert titles_of(news_of(cast, "limited")) == ["Van de school"]
    assert sorted(titles_of(news_of(cast, "guardian"))) == ["Van de groep", "Van de school"]


def test_a_teacher_who_is_a_parent_reads_as_a_parent_on_her_news(cast: Cast) -> None:
    """Her work stands on the page of the team: her news is about her own children."""
    make.GuardianshipFactory(child=cast.other_child, person=cast.people["teacher"])
    tell(cast, "Van mijn werk", kind="group")
    tell(cast, "Van mijn kind", kind="group", by="other_teacher", group=cast.six)
    assert titles_of(news_of(cast, "teacher")) == ["Van mijn kind"]
    assert "Van mijn werk" in cast.client("teacher").get("/search/?q=werk").content.decode()


@pytest.mark.parametrize("address", ["/", "/older/"])
def test_a_child_is_chosen_among_ones_own_only(cast: Cast, address: str) -> None:
    own, other = cast.child.public_id, cast.other_child.public_id
    assert cast.client("guardian").get(f"{address}?child={own}").status_code == 200
    assert cast.client("guardian").get(f"{address}?child={other}").status_code == 404
    assert cast.client("other_guardian").get(f"{address}?child={other}").status_code == 200
    assert cast.client("guardian").get(f"{address}?child={cast.child.pk}").status_code == 404


def test_regelen_also_knows_ones_own_children_only(cast: Cast) -> None:
    assert cast.client("guardian").get(f"/arrange/?child={cast.sibling.public_id}").status_code == 200
    assert cast.client("guardian").get(f"/arrange/?child={cast.other_child.public_id}").status_code == 404
    assert cast.client("other_guardian").get(f"/arrange/?child={cast.other_child.public_id}").status_code == 200


def test_more_names_the_team_of_ones_own_groups_only(cast: Cast) -> None:
    own = cast.client("guardian").get("/more/").content.decode()
    assert "Teacher Cast" in own
    assert "Other teacher Cast" not in own
    assert "Ended substitute Cast" not in own
    assert "Other teacher Cast" in cast.client("other_guardian").get("/more/").content.decode()


def test_a_board_administrator_is_called_so_once(cast: Cast) -> None:
    answer = cast.client("board_admin").get(f"/board/{cast.board.public_id}/")
    assert answer.context["shell"].role == "Bestuursbeheerder"
