"""A round of conversations in the weeks of the agenda: its days are seen once, by who has no time yet."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from kring.agenda.actions import cancel_event
from kring.agenda.models import Event
from kring.core.access import NotAllowed, Refused
from kring.home.dated import Line
from kring.meetings import actions
from kring.meetings.models import Round
from tests.agenda.feeding import put
from tests.cast import ROLES, Cast
from tests.meetings.planning import THURSDAY, TUESDAY, a_round, book, session, setup, sittings, slots

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NO_TIME = "U hebt nog geen tijd"
MONDAY = TUESDAY - timedelta(1)


def week(cast: Cast, **more: object) -> Event:
    values: dict[str, object] = {"last": MONDAY + timedelta(4), "category": "conversations", **more}
    return put(cast.school, "Gespreksweek", MONDAY, **values)  # type: ignore[arg-type]


def two_days(cast: Cast, *weeks: Event, **more: object) -> Round:
    days = [session(), session(TUESDAY, 18, 20), session(THURSDAY)]
    return a_round(cast, cast.five, cast.infants, sessions=days, weeks=weeks, **more)  # type: ignore[arg-type]


def lines(cast: Cast, role: str, *names: str) -> list[Line]:
    answer = cast.client(role).get(f"/agenda/?week={TUESDAY.isoformat()}")
    if answer.status_code != 200:
        return []
    days = [day for found in answer.context["weeks"] for day in found.days]
    return [
        line for day in days for line in day.lines if line.title in (names or ("Rapportgesprekken", "Gespreksweek"))
    ]


def test_without_a_week_each_day_stands_by_itself_with_its_hours(cast: Cast) -> None:
    week(cast)  # of the agenda, and not of this round
    made = two_days(cast)
    found = lines(cast, "guardian", "Rapportgesprekken")
    assert [(line.first, line.hours) for line in found] == [
        (TUESDAY, "15.00 – 16.00, 18.00 – 20.00"), (THURSDAY, "15.00 – 16.00"),
    ]  # fmt: skip
    assert [[child.name for child in line.children] for line in found] == [["Joep", "Saar"]] * 2
    assert {line.ways for line in found} == {((NO_TIME, reverse("meetings:choose", args=[made.public_id])),)}
    assert cast.client("guardian").get(found[0].link).status_code == 200


def test_a_week_of_the_agenda_says_the_days_itself_and_nothing_stands_twice(cast: Cast) -> None:
    made = two_days(cast, week(cast))
    (found,) = lines(cast, "guardian")
    assert (found.title, found.more) == ("Gespreksweek", "di 8 dec en do 10 dec")
    assert [words for words, _address in found.ways] == [NO_TIME]
    page = cast.client("guardian").get(f"/agenda/?week={TUESDAY.isoformat()}").content.decode()
    assert page.count(reverse("meetings:choose", args=[made.public_id])) == 1
    book(cast, made, cast.child, slots(made, cast.five)[0])
    book(cast, made, cast.sibling, slots(made, cast.infants)[2])
    assert [line.ways for line in lines(cast, "guardian", "Gespreksweek")] == [()]


def test_an_extra_day_outside_the_week_and_a_week_that_is_cancelled_or_moved(cast: Cast) -> None:
    found = week(cast, last=MONDAY + timedelta(2))
    two_days(cast, found)
    assert [(line.title, line.first) for line in lines(cast, "guardian")] == [
        ("Gespreksweek", MONDAY), ("Rapportgesprekken", THURSDAY),
    ]  # fmt: skip
    Event.objects.filter(pk=found.pk).update(ends_on=THURSDAY)
    assert [line.title for line in lines(cast, "guardian")] == ["Gespreksweek"]
    cancel_event(by=cast.viewer("office"), event=Event.objects.get(pk=found.pk))
    assert [line.first for line in lines(cast, "guardian", "Rapportgesprekken")] == [TUESDAY, THURSDAY]


def test_a_week_for_another_group_hides_nothing_from_who_cannot_read_it(cast: Cast) -> None:
    two_days(cast, week(cast, groups=(cast.five,)))
    # The guardian has a child in groep 5, and reads of the week; of the infants nobody else does.
    assert [line.title for line in lines(cast, "guardian")] == ["Gespreksweek"]
    infant = cast.client("guardian").get(f"/agenda/?week={TUESDAY.isoformat()}&child={cast.sibling.public_id}")
    titles = [line.title for found in infant.context["weeks"] for day in found.days for line in day.lines]
    assert titles == ["Rapportgesprekken"] * 2


def test_only_families_that_are_asked_and_have_no_time_see_it(cast: Cast) -> None:
    made = two_days(cast, ready=False)
    assert not [role for role in ROLES if any(line.ways for line in lines(cast, role))]
    actions.open_round(by=cast.viewer("office"), round=made)
    seen = {role for role in ROLES if any(line.ways for line in lines(cast, role))}
    assert seen == {"guardian", "shielded_guardian", "class_parent"}
    actions.cancel_round(by=cast.viewer("office"), round=made)
    assert not [role for role in ROLES if lines(cast, role)]


def at_ten(day: date) -> time_machine.travel:
    return time_machine.travel(datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("Europe/Amsterdam")))


def on_home(cast: Cast, day: date) -> list[tuple[str, str]]:
    with at_ten(day):
        soon = cast.client("guardian").get("/").context["news"].soon
        things = [*soon.board, *(thing for _day, day_ in [*soon.shown, *soon.folded] for thing in day_)]
    return [(thing.title, thing.more) for thing in things]


@pytest.mark.parametrize("with_week", [False, True])
def test_deze_week_shows_the_days_to_who_has_no_time(cast: Cast, with_week: bool) -> None:
    made = two_days(cast, *([week(cast)] if with_week else []))
    found = on_home(cast, MONDAY - timedelta(3))  # a Friday: the board tells Monday, the list runs on
    assert found == [
        ("Rapportgesprekken", "15.00 – 16.00, 18.00 – 20.00, u hebt nog geen tijd"),
        ("Rapportgesprekken", "15.00 – 16.00, u hebt nog geen tijd"),
    ]
    book(cast, made, cast.child, slots(made, cast.five)[0])
    book(cast, made, cast.sibling, slots(made, cast.infants)[2])
    shown = {title for title, more in on_home(cast, MONDAY - timedelta(3)) if NO_TIME.lower() in more}
    assert not shown


def test_the_day_of_a_teacher_shows_her_session(cast: Cast) -> None:
    a_round(cast, cast.five, sessions=[session()])
    address = reverse("home:team", args=[cast.school.public_id])
    with time_machine.travel(
        datetime(TUESDAY.year, TUESDAY.month, TUESDAY.day, 10, tzinfo=ZoneInfo("Europe/Amsterdam"))
    ):
        board = {role: cast.client(role).get(address).context["board"] for role in ("teacher", "duo", "other_teacher")}
    mine = {role: [(thing.title, thing.more, thing.whom) for thing in one.today] for role, one in board.items()}
    assert mine == {
        "teacher": [("Rapportgesprekken", "15.00 – 16.00, nog geen gesprekken", "Groep 5")],
        "duo": [], "other_teacher": [],
    }  # fmt: skip


def test_a_round_takes_weeks_of_its_own_school_in_which_it_is_held(cast: Cast) -> None:
    found, other = week(cast), put(cast.second_school, "Elders", MONDAY, category="conversations")
    party = put(cast.school, "Feest", TUESDAY)

    def prepare(day: date, *weeks: Event) -> Round:
        return actions.prepare_round(
            by=cast.viewer("office"), school=cast.school, setup=setup(weeks=weeks), groups=[cast.five],
            sessions=[session(day)],
        )  # fmt: skip

    assert list(prepare(TUESDAY, found).weeks.all()) == [found]
    for wrong in (other, party):
        with pytest.raises(NotAllowed):
            prepare(TUESDAY, wrong)
    with pytest.raises(Refused, match="Geen van de middagen en avonden valt in de weken"):
        prepare(MONDAY + timedelta(14), found)
    assert Round.objects.count() == 1


def test_the_office_takes_a_week_from_the_agenda_and_its_words_stand_in_the_form(cast: Cast) -> None:
    found = week(cast, groups=(cast.five,))
    put(cast.school, "Vorig jaar", MONDAY - timedelta(365), category="conversations")
    client, address = cast.client("office"), reverse("meetings:new_round", args=[cast.school.public_id])
    plain = client.get(address).content.decode()
    assert f"?week={found.public_id}" in plain
    assert "Vorig jaar" not in plain
    form = client.get(f"{address}?week={found.public_id}").context["form"]
    assert form["name"].value() == "Gespreksweek"
    assert form["groups"].value() == [cast.five.public_id]
    assert form["weeks"].value() == [found.public_id]
    assert form.rows[0]["day"].value() == MONDAY
    data = {
        "kind": "report", "name": "Gespreksweek", "minutes": "10", "gap_minutes": "5", "duo": "one",
        "groups": [cast.five.public_id], "weeks": [found.public_id],
        "opens_day": "2026-12-01", "opens_hour": "16:00", "closes_day": "2026-12-06", "closes_hour": "18:00",
        "s0-day": "2026-12-08", "s0-starts": "15:00", "s0-ends": "17:00",
    }  # fmt: skip
    outside = client.post(address, {**data, "s0-day": "2026-12-15"})
    assert "Geen van de middagen en avonden" in outside.content.decode()
    assert 'value="Gespreksweek"' in outside.content.decode()
    assert not Round.objects.exists()
    client.post(address, data)
    made = Round.objects.get()
    assert list(made.weeks.all()) == [found]
    change = reverse("meetings:change_round", args=[cast.school.public_id, made.public_id])
    assert client.get(change).context["form"]["weeks"].value() == [found.public_id]
    client.post(change, {**data, "weeks": []})
    assert not made.weeks.exists()
    assert len(sittings(made, cast.five)) == 1
