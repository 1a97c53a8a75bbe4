"""Which day stands on the board, what stands where, and how lines are put together."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kring.home.rules import fold, is_period, joined, label_of, months_back, part_of_day, place_of, stretch_of

MONDAY = date(2026, 11, 23)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (MONDAY + timedelta(n) for n in range(1, 7))
NEXT_MONDAY = MONDAY + timedelta(7)


@pytest.mark.parametrize(
    ("today", "board", "last"),
    [
        (MONDAY, TUESDAY, SUNDAY),
        (WEDNESDAY, THURSDAY, SUNDAY),
        (THURSDAY, FRIDAY, SUNDAY + timedelta(7)),
        (FRIDAY, NEXT_MONDAY, SUNDAY + timedelta(7)),
        (SATURDAY, NEXT_MONDAY, SUNDAY + timedelta(7)),
        (SUNDAY, NEXT_MONDAY, SUNDAY + timedelta(7)),
        (date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 5)),
        (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 10)),
    ],
)
def test_the_board_tells_the_next_weekday_and_the_list_runs_to_a_sunday(today: date, board: date, last: date) -> None:
    stretch = stretch_of(today)
    assert (stretch.board, stretch.first, stretch.last) == (board, today, last)


def test_only_a_list_that_goes_beyond_sunday_is_called_this_week_and_next() -> None:
    assert not stretch_of(WEDNESDAY).is_next_week
    assert stretch_of(THURSDAY).is_next_week
    assert stretch_of(SUNDAY).is_next_week


@pytest.mark.parametrize(
    ("from_date", "until_date", "where"),
    [
        (WEDNESDAY, WEDNESDAY, ("board", WEDNESDAY)),
        (TUESDAY, WEDNESDAY, ("board", WEDNESDAY)),
        (TUESDAY, TUESDAY, ("week", TUESDAY)),
        (THURSDAY, FRIDAY, ("week", THURSDAY)),
        (SUNDAY, SUNDAY, ("week", SUNDAY)),
        (NEXT_MONDAY, NEXT_MONDAY, None),
        (MONDAY, MONDAY, None),
        # Periods: on the board or in the week on their first day, and quietly after that.
        (WEDNESDAY, WEDNESDAY + timedelta(20), ("board", WEDNESDAY)),
        (FRIDAY, FRIDAY + timedelta(20), ("week", FRIDAY)),
        (TUESDAY, THURSDAY, ("going", TUESDAY)),
        (MONDAY - timedelta(30), WEDNESDAY, ("going", TUESDAY)),
        (MONDAY - timedelta(30), TUESDAY, ("going", TUESDAY)),
        (MONDAY - timedelta(30), MONDAY, None),
        (NEXT_MONDAY, NEXT_MONDAY + timedelta(20), None),
    ],
)
def test_where_something_stands_on_a_tuesday(from_date: date, until_date: date, where: tuple[str, date] | None) -> None:
    assert place_of(stretch_of(TUESDAY), from_date=from_date, until_date=until_date) == where


def test_on_friday_what_is_for_monday_stands_on_the_board_and_saturday_stays_in_the_week() -> None:
    stretch = stretch_of(FRIDAY)
    assert place_of(stretch, from_date=NEXT_MONDAY, until_date=NEXT_MONDAY) == ("board", NEXT_MONDAY)
    assert place_of(stretch, from_date=SATURDAY, until_date=SATURDAY) == ("week", SATURDAY)


def test_two_days_are_no_period_and_three_are() -> None:
    assert not is_period(MONDAY, TUESDAY)
    assert is_period(MONDAY, WEDNESDAY)


def test_a_busy_week_folds_after_four_things_also_within_a_day() -> None:
    shown, folded = fold([(MONDAY, ["a", "b", "c"]), (TUESDAY, ["d", "e", "f"])])
    assert shown == [(MONDAY, ["a", "b", "c"]), (TUESDAY, ["d"])]
    assert folded == [(TUESDAY, ["e", "f"])]
    assert fold([(MONDAY, list("abcdef"))]) == ([(MONDAY, list("abcd"))], [(MONDAY, ["e", "f"])])


def test_one_thing_alone_is_never_folded() -> None:
    week = [(MONDAY, ["a", "b", "c"]), (TUESDAY, ["d", "e"])]
    assert fold(week) == (week, [])
    assert fold([]) == ([], [])


@pytest.mark.parametrize(
    ("parts", "line", "left_out"),
    [
        (["We tellen tot tien.", "We schrijven."], "We tellen tot tien, We schrijven", 0),
        (["Een schoen, met naam erin", "Een schoen, met naam erin"], "Een schoen, met naam erin", 0),
        (["Kom je ook?", "Een lepel"], "Kom je ook? Een lepel", 0),
        (["Neem mee:", "een tas;"], "Neem mee, een tas", 0),
        (["Alleen dit."], "Alleen dit.", 0),
        ([], "", 0),
        (["a" * 60, "b" * 60, "c"], "a" * 60, 2),
        (["a" * 200], "a" * 200, 0),
    ],
)
def test_a_join_has_no_full_stop_before_a_comma_and_counts_what_is_left_out(
    parts: list[str], line: str, left_out: int
) -> None:
    assert joined(parts) == (line, left_out)


@pytest.mark.parametrize(
    ("text", "kind", "label"),
    [
        ("Rekenen: sprongen van tien.", "Leerdoelen", "Rekenen"),
        ("Kwink: luisteren naar elkaar", "Kwink van de week", "luisteren naar elkaar"),
        ("We oefenen de tafels.", "Leerdoelen", "We oefenen de tafels"),
        ("Rekenen:", "Leerdoelen", "Rekenen"),
        (": los", "Leerdoelen", "los"),
        (f"{'Lang ' * 10}: kort", "Leerdoelen", f"{'Lang ' * 10}: kort"),
    ],
)
def test_the_label_of_a_period(text: str, kind: str, label: str) -> None:
    assert label_of(text, kind=kind) == label


def test_the_greeting_follows_the_hour() -> None:
    assert [part_of_day(hour) for hour in (0, 11, 12, 17, 18, 23)] == [
        "morning", "morning", "afternoon", "afternoon", "evening", "evening",
    ]  # fmt: skip


def test_older_news_is_chosen_by_month_back_to_the_first_one_and_never_more_than_three_years() -> None:
    assert months_back(date(2026, 3, 31), first=date(2026, 1, 15)) == [
        date(2026, 3, 1), date(2026, 2, 1), date(2026, 1, 1),
    ]  # fmt: skip
    assert len(months_back(TUESDAY, first=date(1990, 1, 1))) == 36
