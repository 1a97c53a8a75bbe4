"""Families say when they can come, in a round that the school fills."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from kring.core.access import Refused
from kring.meetings import actions, jobs
from kring.meetings.actions import ChangedMeanwhile, clock
from kring.meetings.models import Party, PlanRun, Round, Wish, WishSet
from kring.meetings.rules import Span, Suits, WishAnswer, in_short, joined, suits_at
from kring.meetings.wishing import given_by, version_of
from kring.notifications import outbox
from kring.notifications.models import Delivery, Notice
from kring.people.models import KeepApart
from tests import factories as make
from tests.cast import NOW, ROLES, Cast
from tests.meetings.planning import THURSDAY, TUESDAY, a_round, at, party, session, slots
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
FINE, RATHER_NOT, CANNOT = WishAnswer
TUE, THU = Span(at(TUESDAY, 15), at(TUESDAY, 17)), Span(at(THURSDAY, 15), at(THURSDAY, 17))


def a_wish_round(cast: Cast, *groups: Any, **more: Any) -> Round:
    """Return an open round of two afternoons that the school fills."""
    sessions = [session(end=17), session(THURSDAY, end=17)]
    return a_round(cast, *groups, **{"sessions": sessions, "filling": "school", **more})


def page(made: Round) -> str:
    return reverse("meetings:choose", args=[made.public_id])


def give(made: Round) -> str:
    return reverse("meetings:give_wishes", args=[made.public_id])


def own(cast: Cast, made: Round, role: str = "guardian") -> list[Party]:
    return list(Party.objects.own_of(cast.viewer(role)).filter(round=made).select_related("round__school", "child"))


def filled(tue: str = "fine", thu: str = "fine", **more: str) -> dict[str, str]:
    """Return what the form sends; `more` names a half hour as h1530 (of Tuesday)."""
    data = {key("visit", TUE): tue, key("visit", THU): thu}
    for name, answer in more.items():
        if name.startswith("h"):
            data[f"half-{int(at(TUESDAY, int(name[1:3]), int(name[3:])).timestamp())}"] = answer
        else:
            data[name] = answer
    return data


def key(what: str, span: Span) -> str:
    return f"{what}-{int(span.starts_at.timestamp())}"


def seen(cast: Cast, made: Round, role: str = "guardian") -> str:
    return version_of(given_by(own(cast, made, role)).values())


def said(row: WishSet) -> list[tuple[str, str]]:
    return [(f"{w.starts_at.astimezone(NOW.tzinfo):%a %H:%M}", w.answer) for w in row.wishes.all()]


def test_a_stretch_suits_as_its_least_good_part_and_what_says_the_same_is_joined() -> None:
    half = timedelta(minutes=30)
    parts = [
        Suits(Span(TUE.starts_at + n * half, TUE.starts_at + (n + 1) * half), a)
        for n, a in enumerate((FINE, FINE, CANNOT, RATHER_NOT))
    ]
    assert [suits.answer for suits in joined(reversed(parts))] == [FINE, CANNOT, RATHER_NOT]
    assert suits_at(Span(at(TUESDAY, 15, 50), at(TUESDAY, 16, 10)), parts) == CANNOT
    assert suits_at(THU, parts) == FINE
    most, rest = in_short(TUE, parts)
    assert most == FINE
    assert [(suits.span.starts_at.astimezone(NOW.tzinfo).hour, suits.answer) for suits in rest] == [
        (16, CANNOT), (16, RATHER_NOT)
    ]  # fmt: skip


def test_one_form_keeps_the_wishes_for_all_children_and_shows_them_again(cast: Cast) -> None:
    made = a_wish_round(cast)
    client = cast.client("guardian")
    html = client.get(page(made)).content.decode()
    assert "Wanneer kunt u komen?" in html
    data = filled("rather_not", "cannot", h1530="fine", seen=seen(cast, made))
    html = client.post(give(made), data, follow=True).content.decode()
    assert "Uw wensen zijn bewaard." in html
    assert "U gaf vandaag" in html
    assert WishSet.objects.count() == len(own(cast, made)) == 2
    for row in WishSet.objects.all():
        assert said(row) == [
            ("Tue 15:00", "rather_not"), ("Tue 15:30", "fine"), ("Tue 16:00", "rather_not"), ("Thu 15:00", "cannot")
        ]  # fmt: skip
        assert row.given_by == cast.people["guardian"]
    assert f'name="{key("visit", THU)}" value="cannot"' in html.replace('id="x"', "")
    changed = filled(seen=seen(cast, made))
    client.post(give(made), changed)
    assert all(said(row) == [("Tue 15:00", "fine"), ("Thu 15:00", "fine")] for row in WishSet.objects.all())


def test_the_same_wishes_twice_are_once(cast: Cast) -> None:
    made = a_wish_round(cast, cast.five)
    client, data = cast.client("guardian"), filled("cannot", seen=seen(cast, made))
    for _tap in range(2):
        assert client.post(give(made), data).status_code == 302
    assert Wish.objects.count() == 2


def test_the_page_costs_the_same_with_and_without_wishes_of_others(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    made = a_wish_round(cast)
    client = cast.client("guardian")
    client.get(page(made))
    with django_assert_max_num_queries(16):
        client.get(page(made))
    cast.client("shielded_guardian").post(give(made), filled(seen=seen(cast, made, "shielded_guardian")))
    client.post(give(made), filled("cannot", seen=seen(cast, made)))
    with django_assert_max_num_queries(17):
        client.get(page(made))


def test_an_answer_that_is_missing_or_unknown_is_asked_again_and_what_was_chosen_stays(cast: Cast) -> None:
    made = a_wish_round(cast, cast.five)
    client = cast.client("guardian")
    response = client.post(give(made), filled("cannot", "perhaps"))
    html = response.content.decode()
    assert response.status_code == 422
    assert "Geef voor elke middag of avond aan" in html
    tuesday = html.split(f'name="{key("visit", TUE)}" value="cannot"')[1].split(">")[0]
    assert "checked" in tuesday
    assert not WishSet.objects.exists()


def test_whoever_can_never_come_is_told_to_call(cast: Cast) -> None:
    made = a_wish_round(cast, cast.five)
    client = cast.client("guardian")
    html = client.post(give(made), filled("cannot", "cannot"), follow=True).content.decode()
    assert "U kunt op geen van deze tijden komen." in html
    html = client.post(give(made), filled("cannot", h1530="fine", seen=seen(cast, made)), follow=True).content.decode()
    assert "U kunt op geen van deze tijden komen." not in html


def test_video_only_where_the_round_has_it(cast: Cast) -> None:
    made = a_wish_round(cast, cast.five, by_video=True)
    cast.client("guardian").post(give(made), filled(way="video"))
    assert WishSet.objects.get().by_video
    other = a_wish_round(cast, cast.six)
    role = "other_guardian"
    cast.client(role).post(give(other), filled(way="video"))
    assert not WishSet.objects.get(round=other).by_video


def two_guardians(cast: Cast) -> str:
    """Let another guardian come along for the child; return her role."""
    make.GuardianshipFactory(child=cast.child, person=cast.people["class_parent"])
    return "class_parent"


def test_of_two_guardians_the_second_hears_what_the_first_gave_and_loses_nothing(cast: Cast) -> None:
    role = two_guardians(cast)
    made = a_wish_round(cast, cast.five)
    first, second = cast.client(role), cast.client("guardian")
    before = seen(cast, made)
    first.post(give(made), filled("rather_not", seen=seen(cast, made, role)))
    response = second.post(give(made), filled("fine", "cannot", seen=before))
    html = response.content.decode()
    assert response.status_code == 409
    assert "heeft iemand anders wensen doorgegeven" in html
    assert "liever niet" in html
    assert "checked" in html.split(f'name="{key("visit", THU)}" value="cannot"')[1].split(">")[0]
    assert said(WishSet.objects.get(party__child=cast.child)) == [("Tue 15:00", "rather_not"), ("Thu 15:00", "fine")]
    again = html.split('name="seen" value="')[1].split('"')[0]
    second.post(give(made), filled("fine", "cannot", seen=again))
    assert said(WishSet.objects.get(party__child=cast.child)) == [("Tue 15:00", "fine"), ("Thu 15:00", "cannot")]
    assert "Guardian gaf vandaag" in first.get(page(made)).content.decode()


def test_without_the_version_the_second_would_replace_what_she_never_saw(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = two_guardians(cast)
    made = a_wish_round(cast, cast.five)
    before = seen(cast, made)
    give_all(cast, made, role, CANNOT)
    with pytest.raises(ChangedMeanwhile):
        give_all(cast, made, "guardian", FINE, version=before)
    monkeypatch.setattr("kring.meetings.actions.wishes.version_of", lambda given: before)
    give_all(cast, made, "guardian", FINE, version=before)
    assert not Wish.objects.filter(answer="cannot", wish_set__party__child=cast.child).exists()


def give_all(cast: Cast, made: Round, role: str, answer: WishAnswer, *, version: str | None = None) -> None:
    suits = [Suits(TUE, answer), Suits(THU, answer)]
    version = seen(cast, made, role) if version is None else version
    actions.give_wishes(by=cast.viewer(role), parties=own(cast, made, role), suits=suits, by_video=False, seen=version)


def test_before_the_opening_after_closing_and_once_times_are_known_nothing_is_taken(cast: Cast) -> None:
    made = a_wish_round(cast, cast.five)
    client = cast.client("guardian")
    with time_machine.travel(made.opens_at - timedelta(minutes=1), tick=False):
        assert "kunt u doorgeven wanneer u kunt komen" in client.get(page(made)).content.decode()
        assert client.post(give(made), filled()).status_code == 403
    client.post(give(made), filled("cannot"))
    with time_machine.travel(made.closes_at, tick=False):
        html = client.get(page(made)).content.decode()
        assert "Wensen doorgeven kan niet meer" in html
        assert "kan niet" in html
        assert client.post(give(made), filled(seen=seen(cast, made))).status_code == 403
    publish(made)
    assert client.post(give(made), filled(seen=seen(cast, made))).status_code == 403
    assert Wish.objects.filter(answer="cannot").exists()


def publish(made: Round) -> PlanRun:
    return PlanRun.objects.create(school=made.school, round=made, state="published", made_at=NOW, published_at=NOW)


def test_families_with_several_children_give_wishes_no_earlier(cast: Cast) -> None:
    made = a_wish_round(cast, opens_at=NOW + timedelta(hours=2))
    client = cast.client("guardian")
    assert client.post(give(made), filled()).status_code == 403
    made.filling = "families"
    made.save()
    assert "Kies uw gesprek" in client.get(page(made)).content.decode()


def test_a_conversation_that_is_not_needed_asks_for_no_wishes(cast: Cast) -> None:
    made = a_wish_round(cast, cast.five)
    actions.set_needed(by=cast.viewer("office"), parties=own(cast, made), needed=False)
    html = cast.client("guardian").get(page(made)).content.decode()
    assert "dit keer geen gesprek nodig" in html or "niet nodig" in html
    assert "Wensen bewaren" not in html


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"guardian"}))
def test_only_its_own_guardian_gives_wishes_for_a_party(cast: Cast, role: str) -> None:
    made = a_wish_round(cast, cast.five)
    wishes: dict[str, Any] = {"parties": [party(made, cast.child)], "suits": [Suits(TUE, CANNOT)], "by_video": False}
    version = version_of([])
    with pytest.raises(PermissionDenied):
        actions.give_wishes(by=cast.viewer(role), seen=version, **wishes)
    assert actions.give_wishes(by=cast.viewer("guardian"), seen=version, **wishes)


def test_wishes_are_for_the_family_and_for_who_plans(cast: Cast) -> None:
    made = a_wish_round(cast, cast.five)
    give_all(cast, made, "guardian", CANNOT)
    row = WishSet.objects.get(party__child=cast.child)
    seen_by = {role for role in ROLES if WishSet.objects.visible_to(cast.viewer(role)).filter(pk=row.pk).exists()}
    assert seen_by == {"guardian", "office", "management"}


def test_guardians_who_are_kept_apart_see_nothing_of_each_others_wishes(cast: Cast) -> None:
    role = two_guardians(cast)
    KeepApart.objects.create(
        school=cast.school, child=cast.child, first=cast.people["guardian"], second=cast.people[role]
    )
    made = a_wish_round(cast, cast.five)
    give_all(cast, made, role, CANNOT)
    html = cast.client("guardian").get(page(made)).content.decode()
    assert "wensen door voor" not in html
    assert "wensen voor" not in html


def test_a_stretch_that_the_round_does_not_have_is_refused(cast: Cast) -> None:
    made = a_wish_round(cast, cast.five)
    elsewhere = [Suits(Span(at(TUESDAY, 9), at(TUESDAY, 10)), FINE)]
    with pytest.raises(Refused):
        actions.give_wishes(
            by=cast.viewer("guardian"), parties=own(cast, made), suits=elsewhere, by_video=False, seen=version_of([])
        )


def told(kind: str) -> set[str]:
    notice = Notice.objects.get(kind=f"meetings.{kind}")
    outbox.expand(notice)
    return set(Delivery.objects.filter(notice=notice).values_list("user__persons__first_name", flat=True))


def test_the_opening_asks_for_wishes_and_the_reminder_goes_to_who_gave_none(cast: Cast) -> None:
    made = a_wish_round(cast, cast.five)
    assert jobs.open_due_rounds() == 1
    assert not Notice.objects.filter(kind__in=["meetings.opened", "meetings.opened_early"]).exists()
    assert told("wishes_opened") == {"Guardian", "Shielded guardian", "Class parent"}
    give_all(cast, made, "guardian", FINE)
    with time_machine.travel(made.closes_at - timedelta(days=1), tick=False):
        assert clock.remind_before_closing(round=made, now=made.closes_at - timedelta(days=1))
        assert told("wishes_reminder") == {"Shielded guardian", "Class parent"}


def test_reminding_counts_wishes_until_the_times_are_known(cast: Cast) -> None:
    made = a_wish_round(cast, cast.five)
    remind = reverse("meetings:remind", args=[cast.school.public_id, made.public_id, cast.five.public_id])
    client = cast.client("teacher")
    for role in ("guardian", "shielded_guardian"):
        give_all(cast, made, role, FINE)
    html = client.get(reverse("meetings:families", args=[cast.school.public_id, made.public_id, cast.five.public_id]))
    assert html.content.decode().count("gaf wensen door") == 2
    client.post(remind)
    assert told("wishes_reminder") == {"Class parent"}
    run = publish(made)
    assert "niets om aan te herinneren" in client.post(remind, follow=True).content.decode()
    run.delete()
    give_all(cast, made, "class_parent", FINE)
    assert "niemand om te herinneren" in client.post(remind, follow=True).content.decode()


def test_the_list_of_rounds_says_what_she_still_has_to_do(cast: Cast) -> None:
    made = a_wish_round(cast, cast.five)
    client, where = cast.client("guardian"), reverse("meetings:own")
    assert "door wanneer u kunt" in client.get(where).content.decode()
    give_all(cast, made, "guardian", FINE)
    assert "U gaf door wanneer u kunt" in client.get(where).content.decode()
    with time_machine.travel(made.closes_at, tick=False):
        assert "De school maakt de planning" in client.get(where).content.decode()
    actions.book_for_family(by=cast.viewer("office"), party=party(made, cast.child), slot=slots(made, cast.five)[0])
    assert "gepland" in client.get(where).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_guardians_who_save_at_once_one_is_told_so(cast: Cast) -> None:
    role = two_guardians(cast)
    made = a_wish_round(cast, cast.five)
    give_all(cast, made, "guardian", FINE)
    version, mine = seen(cast, made), [party(made, cast.child)]
    viewers = [cast.viewer("guardian"), cast.viewer(role)]

    def job(number: int) -> str:
        suits = [Suits(TUE, (RATHER_NOT, CANNOT)[number])]
        try:
            actions.give_wishes(by=viewers[number], parties=mine, suits=suits, by_video=False, seen=version)
        except ChangedMeanwhile as refused:
            return refused.sentence
        return ""

    assert sorted(bool(said) for said in at_once(job, 2)) == [False, True]
    assert Wish.objects.filter(wish_set__party__child=cast.child).count() == 1
