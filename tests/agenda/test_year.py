"""A school year prepared in peace, copied from last year, and published at once with one message (A1)."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.urls import reverse

from kring.agenda.actions.events import cancel_event
from kring.agenda.actions.year import Planned, plan_events, publish_year
from kring.agenda.models import Event, YearPublished
from kring.agenda.models.events import EventQuerySet
from kring.agenda.permissions import Target
from kring.agenda.planning import offers_from
from kring.agenda.rules.copying import Why
from kring.core.access import NotAllowed, Refused
from kring.notifications.models import Notice
from kring.school.models import SchoolYear
from tests import factories as make
from tests.agenda.feeding import put
from tests.agreements.making import publish as publish_agreement
from tests.cast import ROLES, Cast, answers, expected
from tests.races import at_once

pytestmark = pytest.mark.django_db
SCHOOL = Target(whole_school=True)
MANAGERS = {"office", "management"}


@pytest.fixture
def next_year(cast: Cast) -> SchoolYear:
    return make.SchoolYearFactory(
        school=cast.school, name="2027-2028", starts_on=date(2027, 8, 1), ends_on=date(2028, 7, 31)
    )


def one(title: str = "Ouderavond", day: date = date(2027, 9, 14), **more: Any) -> Planned:
    return Planned(**{"title": title, "first": day, "last": day, "target": SCHOOL, **more})


def plan(cast: Cast, year: SchoolYear, *events: Planned, by: str = "office") -> int:
    return plan_events(by=cast.viewer(by), school=cast.school, year=year, events=events or (one(),))


@pytest.mark.both_databases
def test_only_office_and_management_plan_and_publish(cast: Cast, next_year: SchoolYear) -> None:
    for role in ROLES:
        if role in MANAGERS:
            assert plan(cast, next_year, by=role) == 1
            assert publish_year(by=cast.viewer(role), school=cast.school, year=next_year).number == 1
            continue
        with pytest.raises(NotAllowed):
            plan(cast, next_year, by=role)
        with pytest.raises(NotAllowed):
            publish_year(by=cast.viewer(role), school=cast.school, year=next_year)
    # A year of another school is nobody's to plan here.
    other = SchoolYear.objects.get(school=cast.second_school)
    with pytest.raises(NotAllowed):
        plan_events(by=cast.viewer("office"), school=cast.school, year=other, events=[one()])


@pytest.mark.both_databases
def test_no_parent_sees_a_plan_and_everybody_sees_it_at_once(cast: Cast, next_year: SchoolYear) -> None:
    plan(cast, next_year, one(), one("Sportdag", date(2028, 6, 8), target=Target(layer_ids=frozenset([cast.upper.pk]))))
    parents = ["guardian", "other_guardian", "limited", "class_parent", "teacher", "second_guardian"]
    assert {role: Event.objects.visible_to(cast.viewer(role)).count() for role in parents} == dict.fromkeys(parents, 0)
    assert Event.objects.visible_to(cast.viewer("office")).count() == 2
    assert not Notice.objects.filter(kind__startswith="agenda").exists()
    done = publish_year(by=cast.viewer("management"), school=cast.school, year=next_year)
    assert done.number == 2
    seen = {role: Event.objects.readable_by(cast.viewer(role)).count() for role in parents}
    assert seen == {
        "guardian": 2,
        "other_guardian": 2,
        "limited": 2,
        "class_parent": 2,
        "teacher": 2,
        "second_guardian": 0,
    }
    (notice,) = Notice.objects.filter(kind__startswith="agenda")
    assert (notice.kind, notice.subject_id) == ("agenda.year_ready", done.pk)
    assert notice.audience.whole_school
    assert list(YearPublished.objects.visible_to(cast.viewer("guardian"))) == [done]
    assert not YearPublished.objects.visible_to(cast.viewer("second_guardian")).exists()


def test_publishing_twice_tells_once_and_what_is_cancelled_stays_hidden(cast: Cast, next_year: SchoolYear) -> None:
    plan(cast, next_year, one(), one("Vervalt", date(2027, 10, 5)))
    cancel_event(by=cast.viewer("office"), event=Event.objects.get(title="Vervalt"))
    assert publish_year(by=cast.viewer("office"), school=cast.school, year=next_year).number == 1
    with pytest.raises(Refused):
        publish_year(by=cast.viewer("office"), school=cast.school, year=next_year)
    assert Notice.objects.filter(kind="agenda.year_ready").count() == 1
    plan(cast, next_year, one("Later bedacht", date(2028, 2, 1)))
    assert publish_year(by=cast.viewer("office"), school=cast.school, year=next_year).number == 1
    # What lies in another year waits for its own.
    assert Event.objects.planned().count() == 1


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_colleagues_publish_at_the_same_second(cast: Cast, next_year: SchoolYear) -> None:
    plan(cast, next_year)

    def go(_n: int) -> str:
        try:
            publish_year(by=cast.viewer("office"), school=cast.school, year=next_year)
        except Refused:
            return "refused"
        return "published"

    assert sorted(at_once(go, 2)) == ["published", "refused"]
    assert Notice.objects.filter(kind="agenda.year_ready").count() == 1


@pytest.mark.both_databases
def test_looking_first_and_publishing_after_would_tell_everybody_twice(
    cast: Cast, next_year: SchoolYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin without the guard: both looked before either wrote, neither asked again if it is still a plan."""
    plan(cast, next_year)
    looked = list(Event.objects.planned().values_list("pk", flat=True))
    monkeypatch.setattr(EventQuerySet, "planned", lambda rows: rows.filter(pk__in=looked))
    for role in ("office", "management"):
        assert publish_year(by=cast.viewer(role), school=cast.school, year=next_year).number == 1
    assert YearPublished.objects.count() == 2
    assert Notice.objects.filter(kind="agenda.year_ready").count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"last": date(2027, 9, 13)},
        {"starts": time(20), "ends": time(19)},
        {"ends": time(19)},
        {"first": date(2026, 9, 14), "last": date(2026, 9, 14)},
        {"title": "  "},
        {"target": Target()},
    ],
    ids=str,
)
def test_what_cannot_be_puts_nothing_in_the_plan(cast: Cast, next_year: SchoolYear, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        plan(cast, next_year, one("Goed"), one(**wrong))
    assert not Event.objects.exists()


def test_groups_of_another_year_or_school_are_refused(cast: Cast, next_year: SchoolYear) -> None:
    for group in (cast.five, cast.second_group):
        with pytest.raises(Refused):
            plan(cast, next_year, one(target=Target(group_ids=frozenset([group.pk]))))


def test_where_the_agreement_has_no_year_planning_nobody_plans(cast: Cast, next_year: SchoolYear) -> None:
    publish_agreement(cast, {"year_planning.on": False})
    with pytest.raises(NotAllowed):
        plan(cast, next_year)
    client, place = cast.client("office"), [cast.school.public_id]
    assert "in de loop van het jaar" in client.get(reverse("agenda:year", args=place)).content.decode()
    for name in ("several", "copy_year", "publish_year", "import_calendar"):
        assert client.get(reverse(f"agenda:{name}", args=[*place, 2027])).status_code == 403


def test_last_year_is_offered_on_matching_days_and_once(cast: Cast, next_year: SchoolYear) -> None:
    put(cast.school, "Ouderavond", date(2026, 9, 15), starts=time(19, 30), text="Tot dan", place="Aula")
    put(cast.school, "Sinterklaasfeest", date(2026, 12, 4))
    put(cast.school, "Zwemmen groep 5", date(2026, 10, 6), groups=(cast.five,))
    put(cast.school, "Uitje zes", date(2027, 5, 26), groups=(cast.six,))
    put(cast.school, "Herfstvakantie", date(2026, 10, 17), category="holiday")
    put(cast.school, "Ging niet door", date(2026, 11, 3), cancelled_at="2026-11-01T10:00Z")
    put(cast.school, "Nooit gepubliceerd", date(2026, 11, 4), state="planned")
    five = make.GroupFactory(school_year=next_year, name="Groep 5", year_levels=[5])
    offers = {offer.event.title: offer for offer in offers_from(cast.school, cast.year, next_year)}
    assert set(offers) == {"Ouderavond", "Sinterklaasfeest", "Zwemmen groep 5", "Uitje zes"}
    assert (offers["Ouderavond"].new.first, offers["Ouderavond"].new.why) == (date(2027, 9, 28), Why.SAME_WEEK)
    assert offers["Sinterklaasfeest"].new.first == date(2027, 12, 3)
    assert offers["Zwemmen groep 5"].target == Target(group_ids=frozenset([five.pk]))
    assert offers["Uitje zes"].target is None  # there is no groep 6 yet: nothing may widen
    client = cast.client("office")
    page = reverse("agenda:copy_year", args=[cast.school.public_id, 2027])
    shown = client.get(page).content.decode()
    assert "Uitje zes" in shown
    event = offers["Ouderavond"].event
    assert client.post(page, {}).status_code == 422
    late = client.post(page, {f"take_{event.public_id}": "on", f"day_{event.public_id}": "2026-09-14"})
    assert late.status_code == 422
    assert "buiten het schooljaar" in late.content.decode()
    response = client.post(page, {f"take_{event.public_id}": "on", f"day_{event.public_id}": "2027-09-16"}, follow=True)
    assert response.redirect_chain
    copy = Event.objects.get(copied_from=event)
    assert (copy.starts_on, copy.starts, copy.text, copy.place, copy.state) == (
        date(2027, 9, 16), time(19, 30), "Tot dan", "Aula", "planned",
    )  # fmt: skip
    again = {offer.event.title for offer in offers_from(cast.school, cast.year, next_year)}
    assert again == {"Sinterklaasfeest", "Zwemmen groep 5", "Uitje zes"}


def rows(*filled: dict[str, str]) -> dict[str, str]:
    data = {"form-TOTAL_FORMS": "8", "form-INITIAL_FORMS": "0"}
    for number, row in enumerate(filled):
        data |= {f"form-{number}-{name}": value for name, value in row.items()}
    return data


def test_several_events_are_typed_at_once(cast: Cast, next_year: SchoolYear) -> None:
    client = cast.client("office")
    page = reverse("agenda:several", args=[cast.school.public_id, 2027])
    good = {"title": "Studiedag", "first": "2027-10-04", "whom": "school", "category": "study_day"}
    wrong = {"title": "Kamp", "first": "2028-05-10", "last": "2028-05-08", "whom": "school", "category": "outing"}
    refused = client.post(page, rows(good, wrong))
    assert refused.status_code == 422
    assert "Studiedag" in refused.content.decode()  # what was typed stays
    assert not Event.objects.exists()
    assert client.post(page, rows()).status_code == 422
    fixed = {**wrong, "last": "2028-05-12", "whom": f"layer:{cast.upper.public_id}"}
    assert client.post(page, rows(good, fixed)).status_code == 302
    assert [(event.title, event.state, event.audience.whole_school) for event in Event.objects.in_order()] == [
        ("Studiedag", "planned", True), ("Kamp", "planned", False),
    ]  # fmt: skip


@pytest.mark.both_databases
def test_the_pages_are_for_office_and_management_of_the_school(cast: Cast, next_year: SchoolYear) -> None:
    plan(cast, next_year)
    place = [cast.school.public_id]
    assert answers(cast, reverse("agenda:year", args=place)) == expected(404, _200=MANAGERS)
    for name in ("several", "copy_year", "publish_year", "import_calendar"):
        page = reverse(f"agenda:{name}", args=[*place, 2027])
        assert answers(cast, page) == expected(404, _200=MANAGERS)
        if name != "publish_year":
            assert answers(cast, page, post=True) == expected(404, _422=MANAGERS)
    # The first of the two publishes; both are led back to the year.
    page = reverse("agenda:publish_year", args=[*place, 2027])
    assert answers(cast, page, post=True) == expected(404, _302=MANAGERS)
    for number in (2030, 0, 99_999, 10**20):
        assert cast.client("office").get(reverse("agenda:several", args=[*place, number])).status_code == 404
    crossed = reverse("agenda:year", args=[cast.second_school.public_id])
    assert answers(cast, crossed) == expected(404, _200={"second_office", "second_management"})


def test_the_overview_costs_the_same_for_one_event_and_for_forty(
    cast: Cast, next_year: SchoolYear, django_assert_max_num_queries: Any
) -> None:
    plan(cast, next_year, *(one(f"Dag {n}", target=Target(layer_ids=frozenset([cast.upper.pk]))) for n in range(40)))
    client = cast.client("office")
    page = f"{reverse('agenda:year', args=[cast.school.public_id])}?year=2027"
    client.get(page)
    with django_assert_max_num_queries(16):
        assert "Dag 39" in client.get(page).content.decode()
