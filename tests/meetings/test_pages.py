"""What families and the team meet on the screen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from kring.core.access import Refused
from kring.meetings import actions
from kring.meetings.actions import clock
from kring.meetings.models import Booking, Party, Round
from kring.notifications.models import Notice
from tests.agreements.making import publish as publish_agreement
from tests.cast import NOW, Cast
from tests.meetings.planning import THURSDAY, TUESDAY, a_round, book, party, session, setup, sittings, slots

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def choose(made: Round) -> str:
    return reverse("meetings:choose", args=[made.public_id])


def take(made: Round) -> str:
    return reverse("meetings:take", args=[made.public_id])


def pairs(html: str) -> list[list[str]]:
    """Return what each plan on the page would take."""
    forms = re.findall(r'<form method="post" action="[^"]*/take/"[^>]*>(.*?)</form>', html, re.DOTALL)
    return [
        found for form in forms if (found := re.findall(r'name="choice" value="([^"]+)"', form)) and "hidden" in form
    ]


def test_a_family_with_two_children_is_offered_adjoining_times_and_takes_one_plan_with_one_tap(cast: Cast) -> None:
    made = a_round(cast, sessions=[session(), session(THURSDAY)])
    client = cast.client("guardian")
    html = client.get(choose(made)).content.decode()
    plans = pairs(html)
    assert 2 <= len(plans) <= 5
    response = client.post(take(made), {"choice": plans[0]}, follow=True)
    assert response.status_code == 200
    booked = sorted(Booking.objects.values_list("starts_at", "ends_at"))
    assert len(booked) == 2
    gap = booked[1][0] - booked[0][1]
    assert timedelta(minutes=5) <= gap <= timedelta(minutes=10)


def test_the_page_costs_the_same_however_many_families_chose(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = a_round(cast)
    client = cast.client("guardian")
    client.get(choose(made))
    with django_assert_num_queries(13):
        client.get(choose(made))
    book(cast, made, cast.shielded, slots(made, cast.five)[0], by="shielded_guardian")
    with django_assert_num_queries(13):
        client.get(choose(made))


def test_who_loses_hears_it_and_sees_what_is_free_near_it(cast: Cast) -> None:
    made = a_round(cast)
    slot = slots(made, cast.five)[2]
    book(cast, made, cast.shielded, slot, by="shielded_guardian")
    own = party(made, cast.child)
    response = cast.client("guardian").post(take(made), {"choice": f"{own.public_id}:{slot.public_id}"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "net gekozen" in html
    nearest = html.split("hint--refusal", 1)[1].split("</form>", 1)[0]
    assert [n for n, other in enumerate(slots(made, cast.five)) if other.public_id in nearest] == [0, 1, 3, 4]


def test_a_page_that_asks_in_place_gets_only_the_sentence_and_the_nearest_moments_or_is_led_on(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    made = a_round(cast)
    own = party(made, cast.child)
    lost, free = slots(made, cast.five)[2:4]
    book(cast, made, cast.shielded, lost, by="shielded_guardian")
    client = cast.client("guardian")
    client.get(choose(made))
    with django_assert_max_num_queries(20):
        late = client.post(take(made), {"choice": f"{own.public_id}:{lost.public_id}"}, headers={"HX-Request": "true"})
    html = late.content.decode()
    assert late.status_code == 409
    assert "net gekozen" in html
    assert "<h1" not in html
    assert [n for n, other in enumerate(slots(made, cast.five)) if other.public_id in html] == [0, 1, 3, 4]
    first = client.post(take(made), {"choice": f"{own.public_id}:{free.public_id}"}, headers={"HX-Request": "true"})
    assert first.headers["HX-Redirect"] == choose(made)
    assert Booking.objects.get(party=own).slot == free


def test_before_the_opening_the_page_says_when_and_a_post_is_refused(cast: Cast) -> None:
    made = a_round(cast, opens_at=NOW + timedelta(hours=2), is_early=False)
    client = cast.client("guardian")
    html = client.get(choose(made)).content.decode()
    assert "U kunt kiezen vanaf" in html
    assert "Tik op een tijd" not in html
    own, slot = party(made, cast.child), slots(made, cast.five)[0]
    assert client.post(take(made), {"choice": f"{own.public_id}:{slot.public_id}"}).status_code == 403


def test_a_moment_of_another_group_and_a_party_of_another_family_are_not_there(cast: Cast) -> None:
    made = a_round(cast)
    client, own = cast.client("guardian"), party(made, cast.child)
    wrong = slots(made, cast.six)[0]
    assert client.post(take(made), {"choice": f"{own.public_id}:{wrong.public_id}"}).status_code == 409
    other = party(made, cast.other_child)
    assert client.post(take(made), {"choice": f"{other.public_id}:{wrong.public_id}"}).status_code == 404
    assert client.post(take(made), {"choice": "a:b"}).status_code == 404
    assert client.post(take(made), {"choice": ""}).status_code == 403


def test_give_back_change_and_wait_from_the_page(cast: Cast) -> None:
    made = a_round(cast)
    client = cast.client("guardian")
    first, second = slots(made, cast.five)[:2]
    booking = book(cast, made, cast.child, first)
    client.post(reverse("meetings:change", args=[booking.public_id]), {"slot": second.public_id})
    assert Booking.objects.get().slot_id == second.pk
    client.post(reverse("meetings:give_back", args=[booking.public_id]))
    assert not Booking.objects.exists()
    client.post(reverse("meetings:wait", args=[party(made, cast.child).public_id]))
    assert "op de wachtlijst" in client.get(choose(made)).content.decode()


def test_taken_says_which_moments_are_gone(cast: Cast) -> None:
    made = a_round(cast)
    slot = slots(made, cast.five)[0]
    book(cast, made, cast.child, slot)
    taken = cast.client("shielded_guardian").get(reverse("meetings:taken", args=[made.public_id])).json()
    assert taken == {"taken": [slot.public_id]}
    assert cast.client("other_guardian").get(reverse("meetings:taken", args=[made.public_id])).json() == {"taken": []}


def at_school(name: str, made: Round, *more: str) -> str:
    return reverse(f"meetings:{name}", args=[made.school.public_id, made.public_id, *more])


def test_the_office_prepares_a_round_and_sets_it_ready(cast: Cast) -> None:
    client = cast.client("office")
    address = reverse("meetings:new_round", args=[cast.school.public_id])
    assert client.get(address).status_code == 200
    data = {
        "kind": "report", "name": "Rapportgesprekken", "minutes": "10", "gap_minutes": "5", "duo": "together",
        "groups": [cast.five.public_id, cast.six.public_id],
        "opens_day": "2026-12-01", "opens_hour": "16:00", "closes_day": "2026-12-07", "closes_hour": "17:00",
        "is_early": "on", "s0-day": "2026-12-08", "s0-starts": "15:00", "s0-ends": "17:00",
        "s0-pause_from": "16:00", "s0-pause_until": "16:15",
    }  # fmt: skip
    wrong = client.post(address, {**data, "closes_day": "2026-11-30"})
    assert wrong.status_code == 200
    assert "sluit voordat" in wrong.content.decode()
    assert 'value="Rapportgesprekken"' in wrong.content.decode()
    assert not Round.objects.exists()
    html = client.post(address, data, follow=True).content.decode()
    made = Round.objects.get()
    assert "Groep 5" in html
    assert len(slots(made, cast.five)) == 10
    # Two duo teachers of groep 5 talk together.
    assert sittings(made, cast.five)[0].teachers.count() == 2
    client.post(at_school("set_ready", made))
    made.refresh_from_db()
    assert made.state == "ready"


def test_a_group_that_is_short_of_times_is_said_before_anything_opens(cast: Cast) -> None:
    made = a_round(cast, cast.five, sessions=[session(end=16)], minutes=30, ready=False)
    html = cast.client("management").get(at_school("round", made)).content.decode()
    assert "Groep 5 komt 1 tijd tekort" in html


def test_the_team_sees_who_has_not_chosen_and_reminds_with_one_tap(cast: Cast) -> None:
    made = a_round(cast)
    client = cast.client("teacher")
    address = at_school("families", made, cast.five.public_id)
    html = client.get(address).content.decode()
    assert "3 gezinnen zonder tijd" in html
    client.post(at_school("remind", made, cast.five.public_id))
    html = client.post(at_school("remind", made, cast.five.public_id), follow=True).content.decode()
    assert "vandaag al" in html


def test_not_needed_this_time_for_many_at_once(cast: Cast) -> None:
    made = a_round(cast)
    keys = [one.public_id for one in Party.objects.filter(round=made, group=cast.five)]
    cast.client("teacher").post(at_school("needed", made, cast.five.public_id), {"party": keys, "needed": "no"})
    assert Party.objects.filter(round=made, not_needed=True).count() == len(keys)


def test_the_office_books_for_a_family_moves_it_and_prints_a_slip(cast: Cast) -> None:
    made = a_round(cast)
    own = party(made, cast.child)
    client = cast.client("office")
    first, second = slots(made, cast.five)[:2]
    for slot in (first, second):
        response = client.post(at_school("put", made, own.public_id), {"slot": slot.public_id})
        assert response.status_code == 302
    assert Booking.objects.get().slot_id == second.pk
    assert "15.10" in client.get(at_school("slip", made, own.public_id)).content.decode()
    client.post(at_school("call_off", made, own.public_id))
    assert not Booking.objects.exists()


def test_the_day_sheet_has_names_breaks_and_free_times(cast: Cast) -> None:
    made = a_round(cast, sessions=[session(pause=(20, 35))])
    book(cast, made, cast.child, slots(made, cast.five)[0])
    sitting = sittings(made, cast.five)[0]
    html = cast.client("teacher").get(at_school("sheet", made, sitting.public_id)).content.decode()
    for words in ("Joep Van Joep", "pauze, 15 minuten", "vrij"):
        assert words in html
    slot = slots(made, cast.five)[1]
    client = cast.client("teacher")
    client.post(at_school("keep_free", made, sitting.public_id), {"slot": slot.public_id})
    assert Booking.objects.get(slot=slot).party is None
    client.post(at_school("close", made, sitting.public_id))
    assert not Booking.objects.of_families().exists()


def test_the_door_has_first_names_only_and_none_of_a_shielded_child(cast: Cast) -> None:
    made = a_round(cast)
    book(cast, made, cast.child, slots(made, cast.five)[0])
    book(cast, made, cast.shielded, slots(made, cast.five)[1], by="shielded_guardian")
    html = cast.client("office").get(at_school("door", made, TUESDAY.isoformat())).content.decode()
    assert "Joep" in html
    assert "Van Joep" not in html
    assert "Noor" not in html


def test_sessions_are_added_and_taken_away_on_the_page_of_the_round(cast: Cast) -> None:
    made = a_round(cast, cast.five, ready=False)
    client = cast.client("office")
    sitting = sittings(made, cast.five)[0]
    data = {"day": THURSDAY.isoformat(), "starts": "15:00", "ends": "16:00"}
    client.post(at_school("add_session", made), data)
    assert len(sittings(made, cast.five)) == 2
    client.post(at_school("unseat", made, sitting.public_id))
    assert len(sittings(made, cast.five)) == 1


def test_rooms_and_changes_of_the_round(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    client = cast.client("office")
    sitting = sittings(made, cast.five)[0]
    client.post(at_school("place", made, sitting.public_id), {"place": "lokaal 5", "video_link": ""})
    assert "lokaal 5" in client.get(at_school("sheet", made, sitting.public_id)).content.decode()
    data = {
        "kind": "report", "name": "Nieuwe naam", "opens_day": "2026-11-24", "opens_hour": "09:00",
        "closes_day": "2026-12-07", "closes_hour": "17:00",
    }  # fmt: skip
    client.post(at_school("change_round", made), data)
    made.refresh_from_db()
    assert (made.name, made.minutes) == ("Nieuwe naam", 10)


def test_the_clock_tells_each_family_at_its_own_moment(cast: Cast) -> None:
    made = a_round(cast, opens_at=NOW + timedelta(hours=2))
    assert clock.tell_opening(round=made, now=NOW) == 1
    made.refresh_from_db()
    assert clock.tell_opening(round=made, now=NOW) == 0
    kinds = set(Notice.objects.values_list("kind", flat=True))
    assert kinds == {"meetings.opened_early"}
    assert clock.tell_opening(round=made, now=NOW + timedelta(hours=2)) == 1


@pytest.mark.parametrize(
    ("chosen_by", "said"), [("parents", "gezinnen kiezen zelf"), ("school", "gezinnen geven wensen")]
)
def test_the_form_says_who_fills_a_round_as_agreed_and_the_office_may_decide_otherwise(
    cast: Cast, chosen_by: str, said: str
) -> None:
    publish_agreement(cast, {"booking_opening.chosen_by": chosen_by})
    made = a_round(cast, cast.five)
    client = cast.client("office")
    html = client.get(at_school("change_round", made)).content.decode()
    assert f"Zoals in de afspraken staat: {said}" in html
    assert f"{reverse('agreements:page', args=[cast.school.public_id])}#c2" in html
    data = {
        "kind": "report", "name": "Anders", "opens_day": "2026-11-24", "opens_hour": "09:00",
        "closes_day": "2026-12-07", "closes_hour": "17:00", "filling": "school",
    }  # fmt: skip
    client.post(at_school("change_round", made), data)
    made.refresh_from_db()
    assert made.filling == "school"
    assert "Wensen tot dan" in client.get(at_school("round", made)).content.decode()
    assert client.post(at_school("change_round", made), {**data, "filling": "nobody"}).status_code == 200


def test_who_fills_a_round_stays_as_it_is_once_a_family_has_a_time(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    booking = book(cast, made, cast.child, slots(made, cast.five)[0])
    office = cast.viewer("office")
    with pytest.raises(Refused):
        actions.change_round(by=office, round=made, setup=setup(filling="school"))
    booking.delete()
    assert actions.change_round(by=office, round=made, setup=setup(filling="school")).filling == "school"
