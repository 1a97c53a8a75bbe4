"""The agenda page: everything of all children by day, in a week list or a month."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kring.agenda import actions
from kring.agenda.actions import Again
from kring.conversations.actions import choose_moment, propose_moments
from kring.home.dated import Line, by_day
from kring.school.models import Holiday
from tests import factories as make
from tests.agenda.planning import ask, plan, take
from tests.cast import TODAY, Cast
from tests.conversations.talking import at, to_team
from tests.home.telling import tell
from tests.posts.writing import one

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TOMORROW = TODAY + timedelta(1)


def page(cast: Cast, role: str = "guardian", query: str = "") -> str:
    answer = cast.client(role).get(f"/agenda/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_everything_of_the_week_stands_together(cast: Cast) -> None:
    plan(cast, title="Kunstmarkt", starts_on=TOMORROW, starts=time(17), ends=time(18), place="Plein")
    tell(cast, "Soep", one(TOMORROW, text="Een kom"))
    talk = to_team(cast).conversation
    proposal = propose_moments(by=cast.viewer("teacher"), conversation=talk, moments=[at(TOMORROW, 15)], text="")
    choose_moment(by=cast.viewer("guardian"), moment=proposal.moments.get())
    Holiday.objects.create(
        school=cast.school, name="Studiedag", starts_on=TODAY + timedelta(2), ends_on=TODAY + timedelta(2)
    )
    found = page(cast)
    for words in ("Kunstmarkt", "17.00 – 18.00", "Plein", "Een kom", "Afspraak met", "Geen school", "Studiedag"):
        assert words in found, words
    assert "Joep" in found


def test_a_month_shows_the_same(cast: Cast) -> None:
    plan(cast, title="Kunstmarkt", starts_on=TOMORROW)
    found = page(cast, query="?view=month")
    assert "november 2026" in found
    assert "Kunstmarkt" in found
    assert "zaterdag" not in found, "nothing is on in a weekend"
    plan(cast, title="Kamp", starts_on=date(2026, 11, 28))
    assert "zaterdag" in page(cast, query="?view=month")


def test_one_childs_agenda_holds_nothing_of_the_other(cast: Cast) -> None:
    plan(cast, title="Van Joep", starts_on=TOMORROW)
    plan(cast, title="Van Saar", by="office", groups=[cast.infants], starts_on=TOMORROW)
    plan(cast, title="Van allemaal", by="office", whole_school=True, starts_on=TOMORROW)
    both = page(cast)
    assert all(words in both for words in ("Van Joep", "Van Saar", "Van allemaal"))
    one_child = page(cast, query=f"?child={cast.sibling.public_id}")
    assert "Van Joep" not in one_child
    assert all(words in one_child for words in ("Van Saar", "Van allemaal"))


def test_somebody_elses_child_or_group_is_not_there(cast: Cast) -> None:
    assert cast.client("guardian").get(f"/agenda/?child={cast.other_child.public_id}").status_code == 404
    assert cast.client("guardian").get(f"/agenda/?child={cast.child.public_id}").status_code == 200
    assert cast.client("teacher").get(f"/agenda/?group={cast.six.public_id}").status_code == 404
    assert cast.client("teacher").get(f"/agenda/?group={cast.five.public_id}").status_code == 200
    assert cast.client("guardian").get(f"/agenda/?group={cast.five.public_id}").status_code == 404


def test_nobody_sees_what_is_not_for_her(cast: Cast) -> None:
    plan(cast, title="Kunstmarkt", starts_on=TOMORROW)
    plan(cast, title="Gepland", starts_on=TOMORROW, publish=False)
    for role in ("guardian", "limited", "class_parent", "teacher", "office"):
        assert "Kunstmarkt" in page(cast, role), role
    for role in ("other_guardian", "parent_council", "second_guardian", "second_office", "other_teacher"):
        assert "Kunstmarkt" not in page(cast, role), role
    for role in ("none", "former_guardian", "ended_substitute", "board_admin"):
        assert cast.client(role).get("/agenda/").status_code == 302, role
    assert "Gepland" not in page(cast, "teacher"), "what is planned stands in the plan of the year"


def test_what_is_cancelled_stays_struck_through(cast: Cast) -> None:
    event = plan(cast, title="Boswandeling", starts_on=TOMORROW)
    actions.cancel_event(by=cast.viewer("teacher"), event=event, reason="Storm")
    found = page(cast)
    assert "<s>" in found
    assert all(words in found for words in ("Boswandeling", "Gaat niet door", "Storm"))


def test_what_is_asked_stands_with_it(cast: Cast) -> None:
    event = plan(cast, title="Voorlezen", starts_on=TOMORROW, rsvp="family")
    offer = ask(cast, event=event, places=2)
    found = page(cast)
    assert "Hulp nodig: 0 van de 2 plekken bezet" in found
    take(cast, offer, by="class_parent")
    take(cast, offer, by="shielded_guardian")
    assert "Komt u?" in page(cast), "the list is full, so what is left is the question"
    actions.answer_event(by=cast.viewer("guardian"), event=event, answer="yes", number=2)
    assert "U komt" in page(cast)
    assert "Komt u?" in page(cast, "limited")


@pytest.mark.parametrize("query", ["?week=gisteren", "?week=9999-99-99", "?week=0001-01-01", "?view=month&month=x"])
def test_a_day_that_is_none_shows_today(cast: Cast, query: str) -> None:
    assert page(cast, query=query)


def test_other_weeks_and_months(cast: Cast) -> None:
    plan(cast, title="Kerstdiner", starts_on=date(2026, 12, 17))
    assert "Kerstdiner" not in page(cast)
    assert "Kerstdiner" in page(cast, query="?week=2026-12-16")
    found = page(cast, query="?view=month&month=2026-12")
    assert "Kerstdiner" in found
    assert "Kerstvakantie" in found


def test_an_empty_week_says_so(cast: Cast) -> None:
    assert "Deze week staat er niets meer." in page(cast)


def test_the_teacher_sees_her_group_and_the_office_may_look_at_one(cast: Cast) -> None:
    plan(cast, title="Van vijf", starts_on=TOMORROW)
    plan(cast, title="Van zes", by="other_teacher", groups=[cast.six], starts_on=TOMORROW)
    found = page(cast, "office", f"?group={cast.five.public_id}")
    assert "Van vijf" in found
    assert "Van zes" not in found
    assert "Zet erin" in found


def line(first: date, last: date | None = None, **more: object) -> Line:
    until = last if last and last - first > timedelta(1) else None
    return Line("Iets", first, last or first, "star", until=until, **more)  # type: ignore[arg-type]


def test_what_lasts_long_stands_once_a_week() -> None:
    monday = date(2026, 11, 23)
    days = by_day(
        [line(monday + timedelta(2), monday + timedelta(16))], first=monday, last=monday + timedelta(20), today=TODAY
    )
    assert [day.day for day in days if day.lines] == [date(2026, 11, 25), date(2026, 11, 30), date(2026, 12, 7)]
    two = by_day([line(monday, monday + timedelta(1))], first=monday, last=monday + timedelta(6), today=TODAY)
    assert [bool(day.lines) for day in two] == [True, True, False, False, False, False, False]


def test_the_page_costs_the_same_for_four_children_and_a_full_year(cast: Cast) -> None:
    plan(cast, starts_on=TOMORROW, rsvp="family")
    ask(cast, event=plan(cast, starts_on=TOMORROW))
    tell(cast, "Soep", one(TOMORROW, text="Een kom"))

    def count(client: Client, query: str = "") -> int:
        client.get(f"/agenda/{query}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/agenda/{query}").status_code == 200
        return len(queries)

    few = count(cast.client("guardian"))
    assert few <= 16  # one of them asks for rounds in which she has no time yet
    for n in range(2):
        child = make.ChildFactory(school=cast.school)
        make.EnrolmentFactory(child=child, group=[cast.six, cast.infants][n])
        make.GuardianshipFactory(child=child, person=cast.people["guardian"])
    for n in range(10):
        plan(cast, by="office", whole_school=True, starts_on=TODAY + timedelta(n % 5), title=f"Ding {n}", rsvp="family")
    plan(cast, starts_on=TODAY, again=Again("weekly", date(2027, 6, 30)))
    assert count(cast.client("guardian")) == few
    assert count(cast.client("guardian"), "?view=month") <= few
    assert count(cast.client("teacher")) <= 15


def test_what_is_on_tomorrow_stands_on_the_first_page(cast: Cast) -> None:
    plan(cast, title="Kunstmarkt", starts_on=TOMORROW, starts=time(17), ends=time(18))
    plan(cast, title="Museum", starts_on=TODAY + timedelta(3))
    off = plan(cast, title="Boswandeling", starts_on=TODAY + timedelta(2))
    actions.cancel_event(by=cast.viewer("teacher"), event=off)
    plan(cast, title="Van zes", by="other_teacher", groups=[cast.six], starts_on=TOMORROW)
    plan(cast, title="Gepland", starts_on=TOMORROW, publish=False)
    soon = cast.client("guardian").get("/").context["news"].soon
    assert [thing.title for thing in soon.board] == ["Kunstmarkt"]
    assert soon.board[0].more == "17.00 – 18.00"
    assert [child.name for child in soon.board[0].children] == ["Joep"]
    assert [t.title for _day, things in soon.shown for t in things] == ["Gaat niet door: Boswandeling", "Museum"]
    assert not cast.client("second_guardian").get("/").context["news"].soon.board
    board = cast.client("teacher").get(f"/school/{cast.school.public_id}/team/").context["board"]
    assert [thing.title for thing in board.following] == ["Kunstmarkt"]
