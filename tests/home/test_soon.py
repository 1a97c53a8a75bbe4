"""What stands under Morgen and Deze week, for a parent and for the team. Today is Tuesday 24 November 2026."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from kring.people.models import Child
from kring.posts.actions import ItemInput
from kring.school.models import Holiday
from tests import factories as make
from tests.cast import ROLES, TODAY, Cast
from tests.home.telling import board_of, soon_of, tell, week_of

pytestmark = pytest.mark.django_db

TOMORROW = TODAY + timedelta(1)
FRIDAY = TODAY + timedelta(3)
MONDAY = TODAY + timedelta(6)


def item(day: date, text: str, until: date | None = None, **more: object) -> ItemInput:
    return ItemInput(day, until or day, text=text, **more)  # type: ignore[arg-type]


def on(day: date, hour: int = 10) -> time_machine.travel:
    return time_machine.travel(datetime.combine(day, time(hour), tzinfo=ZoneInfo("Europe/Amsterdam")), tick=True)


def test_tomorrow_shows_the_things_of_all_children_each_with_its_name(cast: Cast) -> None:
    tell(cast, "Soep", item(TOMORROW, "Een kom"))
    tell(cast, "Gym", item(TOMORROW, "Een schoen"), by="management", group=cast.infants)
    tell(cast, "Zwemmen", item(TOMORROW, "Een handdoek"), by="other_teacher", group=cast.six)
    assert sorted(board_of(cast, "guardian")) == [("Een kom", ["Joep"]), ("Een schoen", ["Saar"])]
    assert board_of(cast, "other_guardian") == [("Een handdoek", ["Mila"])]
    page = cast.client("guardian").get("/").content.decode()
    assert "Morgen" in page
    assert "woensdag 25 november" in page


def test_what_is_for_the_whole_school_names_every_child_once(cast: Cast) -> None:
    tell(cast, "Feest", item(TOMORROW, "Verkleed"), by="management", kind="announcement", whole_school=True)
    assert [(title, sorted(names)) for title, names in board_of(cast, "guardian")] == [("Verkleed", ["Joep", "Saar"])]


def test_one_child_chosen_shows_only_her_things(cast: Cast) -> None:
    tell(cast, "Soep", item(TOMORROW, "Een kom"))
    tell(cast, "Gym", item(TOMORROW, "Een schoen"), by="management", group=cast.infants)
    assert board_of(cast, "guardian", f"?child={cast.sibling.public_id}") == [("Een schoen", ["Saar"])]


def test_the_things_of_one_message_are_one_line_without_a_full_stop_before_the_comma(cast: Cast) -> None:
    tell(cast, "Soep", item(TOMORROW, "Een kom."), item(TOMORROW, "Een lepel."), item(TOMORROW, "Een kom."))
    assert board_of(cast, "guardian") == [("Een kom, Een lepel", ["Joep"])]


def test_what_does_not_fit_on_the_line_is_counted(cast: Cast) -> None:
    many = [item(TOMORROW, f"Een heel groot voorwerp met nummer {n}") for n in range(5)]
    tell(cast, "Soep", *many)
    ((title, _names),) = board_of(cast, "guardian")
    assert title.endswith("nummer 0, Een heel groot voorwerp met nummer 1 en nog 3")


def test_another_childs_talk_is_not_on_ones_board(cast: Cast) -> None:
    bo = Child.objects.get(first_name="Bo")
    tell(cast, "Spreekbeurten", item(TOMORROW, "Bijen", child=bo), item(TOMORROW, "Vulkanen", child=cast.child),
         kind="homework")  # fmt: skip
    assert board_of(cast, "guardian") == [("Vulkanen", ["Joep"])]
    assert board_of(cast, "class_parent") == [("Bijen", ["Bo"])]


@pytest.mark.both_databases
def test_the_talk_of_a_shielded_child_is_seen_by_its_family_and_team_only(cast: Cast) -> None:
    tell(cast, "Spreekbeurten", item(TOMORROW, "Geheime vulkanen", child=cast.shielded),
         item(FRIDAY, "Bijen", child=cast.child), kind="homework")  # fmt: skip
    team = f"/school/{cast.school.public_id}/team/"
    seen = set()
    for role in ROLES:
        client = cast.client(role)
        pages = [client.get(page) for page in ("/", "/older/", team, "/search/?q=spreekbeurten")]
        if any("Geheime vulkanen" in page.content.decode() for page in pages):
            seen.add(role)
    assert seen == {"shielded_guardian", "teacher", "duo", "office", "management"}
    assert board_of(cast, "shielded_guardian") == [("Geheime vulkanen", ["Noor"])]
    assert board_of(cast, "guardian") == []


def test_the_talks_of_two_sisters_are_two_lines(cast: Cast) -> None:
    twin = make.ChildFactory(school=cast.school, first_name="Fien")
    make.EnrolmentFactory(child=twin, group=cast.five)
    make.GuardianshipFactory(child=twin, person=cast.people["guardian"])
    tell(cast, "Spreekbeurten", item(TOMORROW, "Bijen", child=twin), item(TOMORROW, "Vulkanen", child=cast.child),
         kind="homework")  # fmt: skip
    assert sorted(board_of(cast, "guardian")) == [("Bijen", ["Fien"]), ("Vulkanen", ["Joep"])]


def test_hours_and_places_stand_beside_an_outing(cast: Cast) -> None:
    tell(cast, "Museum", item(TOMORROW, "Op de fiets", starts=time(9), ends=time(12)), kind="outing")
    (thing,) = soon_of(cast, "guardian").board
    assert thing.more == "9.00 tot 12.00 uur"


def test_who_takes_over_tomorrow_is_said_with_both_names(cast: Cast) -> None:
    away = item(TOMORROW, "", absent=cast.people["teacher"], substitute=cast.people["duo"])
    tell(cast, "Ruilen", away, kind="staff")
    assert board_of(cast, "guardian") == [("Duo Cast vervangt Teacher Cast", ["Joep"])]


def test_learning_goals_are_on_the_board_on_their_first_day_and_a_quiet_line_after_that(cast: Cast) -> None:
    goals = [item(TOMORROW, text, TODAY + timedelta(17)) for text in ("Rekenen: tot tien.", "Taal: een verhaal.")]
    tell(cast, "Hier werken we aan", *goals, kind="goals")
    assert board_of(cast, "guardian") == [("Rekenen, Taal", ["Joep"])]
    assert soon_of(cast, "guardian").going == []
    with on(TOMORROW):
        assert board_of(cast, "guardian") == []
        (line,) = soon_of(cast, "guardian").going
        assert (line.labels, [child.name for child in line.children]) == ("Rekenen, Taal", ["Joep"])
        assert [text for text, _post in line.texts] == ["Rekenen: tot tien.", "Taal: een verhaal."]
        assert "Leerdoelen t/m 11 december: Rekenen, Taal" in cast.client("guardian").get("/").content.decode()
    with on(TODAY + timedelta(18)):
        assert soon_of(cast, "guardian").going == []


def test_two_groups_with_the_same_goals_are_one_line_for_both_children(cast: Cast) -> None:
    with on(TODAY - timedelta(7)):
        for by, group in (("teacher", cast.five), ("management", cast.infants)):
            goal = item(TODAY - timedelta(7), "Rekenen: tot tien.", FRIDAY)
            tell(cast, "Doelen", goal, kind="goals", by=by, group=group)
    (line,) = soon_of(cast, "guardian").going
    assert sorted(child.name for child in line.children) == ["Joep", "Saar"]
    assert len(line.texts) == 1


def test_the_rest_of_the_week_stands_by_day_and_next_week_not_yet(cast: Cast) -> None:
    tell(cast, "Later", item(FRIDAY, "Een appel"), item(MONDAY, "Een peer"), item(TODAY, "Een banaan"))
    assert week_of(cast, "guardian") == [(24, "Een banaan", ["Joep"]), (27, "Een appel", ["Joep"])]
    with on(TODAY + timedelta(2)):
        assert soon_of(cast, "guardian").is_next_week
        assert week_of(cast, "guardian") == [(30, "Een peer", ["Joep"])]
        assert board_of(cast, "guardian") == [("Een appel", ["Joep"])]


def test_a_busy_week_folds_behind_a_line_that_says_how_many(cast: Cast) -> None:
    for n in range(7):
        tell(cast, f"Ding {n}", item(FRIDAY if n % 2 else TODAY + timedelta(2), f"Voorwerp {n}"))
    soon = soon_of(cast, "guardian")
    assert sum(len(things) for _day, things in soon.shown) == 4
    assert soon.folded_number == 3
    assert "Nog 3 dingen deze week" in cast.client("guardian").get("/").content.decode()


@pytest.mark.parametrize("today", [FRIDAY, FRIDAY + timedelta(1)])
def test_on_friday_and_saturday_the_board_tells_monday(cast: Cast, today: date) -> None:
    tell(cast, "Soep", item(MONDAY, "Een kom"))
    with on(today):
        page = cast.client("guardian").get("/").content.decode()
        assert board_of(cast, "guardian") == [("Een kom", ["Joep"])]
    assert "Maandag" in page
    assert "30 november" in page
    with on(FRIDAY + timedelta(2)):
        assert "Morgen" in cast.client("guardian").get("/").content.decode()


def test_a_day_without_school_stands_on_the_board_with_the_name_of_the_holiday(cast: Cast) -> None:
    with on(date(2026, 12, 18)):
        (thing,) = soon_of(cast, "guardian").board
        assert (thing.title, thing.more) == ("Geen school", "Kerstvakantie")
        assert soon_of(cast, "guardian").shown == []
    assert board_of(cast, "guardian") == []


def test_a_study_day_of_one_group_is_for_the_child_of_that_group(cast: Cast) -> None:
    Holiday.objects.create(school=cast.school, group=cast.infants, name="Studiedag", starts_on=FRIDAY, ends_on=FRIDAY)
    assert week_of(cast, "guardian") == [(27, "Geen school", ["Saar"])]
    assert week_of(cast, "other_guardian") == []
    assert week_of(cast, "second_guardian") == []


def test_a_holiday_that_goes_on_is_named_on_its_first_day_only(cast: Cast) -> None:
    Holiday.objects.create(
        school=cast.school, name="Pretdagen", starts_on=TODAY + timedelta(2), ends_on=TODAY + timedelta(4)
    )
    assert [(day, title) for day, title, _names in week_of(cast, "guardian")] == [(26, "Geen school")]


def test_nothing_to_think_of_is_said(cast: Cast) -> None:
    assert "Niets bijzonders" in cast.client("guardian").get("/").content.decode()


# --- The team --------------------------------------------------------------------------------------------------------


def team_board(cast: Cast, role: str) -> tuple[list[str], list[str], list[str]]:
    board = cast.client(role).get(f"/school/{cast.school.public_id}/team/").context["board"]
    return [t.title for t in board.today], [t.title for t in board.following], [g.labels for g in board.going]


def test_the_team_sees_today_and_the_next_day_with_the_names_of_who_speaks(cast: Cast) -> None:
    tell(cast, "Soep", item(TODAY, "Een kom"), item(TOMORROW, "Een lepel"), item(FRIDAY, "Een vork"))
    tell(cast, "Spreekbeurten", item(TOMORROW, "Bijen", child=cast.child), kind="homework")
    today, following, _going = team_board(cast, "teacher")
    assert (today, sorted(following)) == (["Een kom"], ["Een lepel", "Joep: Bijen"])
    assert team_board(cast, "other_teacher") == ([], [], [])


def test_periods_do_not_fill_the_board_of_the_team(cast: Cast) -> None:
    with on(TODAY - timedelta(7)):
        tell(cast, "Doelen", item(TODAY - timedelta(7), "Rekenen: tot tien.", MONDAY), kind="goals")
    tell(cast, "Nieuwe doelen", item(TOMORROW, "Taal: een verhaal.", MONDAY), kind="goals")
    assert team_board(cast, "management") == ([], ["Taal"], ["Rekenen"])


def test_many_periods_of_a_large_school_do_not_crowd_out_the_day(cast: Cast) -> None:
    with on(TODAY - timedelta(7)):
        for n in range(5):
            goals = [item(TODAY - timedelta(7), f"Doel {n}{m}: iets", MONDAY) for m in range(50)]
            tell(cast, f"Doelen {n}", *goals, kind="goals")
    tell(cast, "Soep", item(TODAY, "Een kom"))
    assert team_board(cast, "management")[0] == ["Een kom"]


def test_the_team_is_told_that_there_is_no_school(cast: Cast) -> None:
    with on(date(2026, 12, 18)):
        assert team_board(cast, "teacher")[1] == ["Geen school"]
