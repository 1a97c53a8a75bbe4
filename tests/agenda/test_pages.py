"""The pages of an event: what stands there for whom, and what happens with bad input."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kring.agenda import actions
from kring.agenda.models import Event, EventDocument, Offer, Rsvp, Signup
from kring.people.models import KeepApart
from tests import factories as make
from tests.agenda.planning import LATER, ask, families, plan, take, take_as
from tests.cast import TODAY, Cast
from tests.files import papers

pytestmark = pytest.mark.django_db


def page(cast: Cast, role: str, event: Event) -> str:
    answer = cast.client(role).get(reverse("agenda:event", args=[event.public_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def typed(cast: Cast, **more: object) -> dict[str, object]:
    return {
        "title": "Voorleesochtend", "category": "activity", "audience": [f"group:{cast.five.public_id}"],
        "starts_on": LATER.isoformat(), "rsvp": "nobody",
    } | more  # fmt: skip


def test_a_teacher_puts_something_in_the_agenda(cast: Cast) -> None:
    address = reverse("agenda:new", args=[cast.school.public_id])
    client = cast.client("teacher")
    assert "Groep 6" not in client.get(address).content.decode()
    answer = client.post(address, typed(cast, starts="8:30", ends="9.15", place="Lokaal 3", rsvp="family"))
    event = Event.objects.get()
    assert answer["Location"] == reverse("agenda:event", args=[event.public_id])
    assert (event.is_planned, event.place) == (False, "Lokaal 3")
    found = page(cast, "guardian", event)
    for words in ("Voorleesochtend", "Dinsdag 8 december", "8.30 – 9.15", "Komt u?"):
        assert words in found, words


def test_kept_as_a_plan_parents_do_not_see_it_until_it_is_published(cast: Cast) -> None:
    client = cast.client("teacher")
    client.post(reverse("agenda:new", args=[cast.school.public_id]), typed(cast, plan="1"))
    event = Event.objects.get()
    address = reverse("agenda:event", args=[event.public_id])
    assert cast.client("guardian").get(address).status_code == 404
    assert "ouders zien het nog niet" in page(cast, "teacher", event)
    client.post(reverse("agenda:publish", args=[event.public_id]))
    assert cast.client("guardian").get(address).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "verplicht"),
        ({"starts_on": "gisteren"}, "geldige datum"),
        ({"ends_on": (LATER - timedelta(3)).isoformat()}, "laatste dag"),
        ({"starts": "9:00", "ends": "8:00"}, "einde ligt"),
        ({"starts": "25:00"}, "geldige tijd"),
        ({"audience": []}, "verplicht"),
        ({"audience": ["school"]}, "geldige keuze"),
        ({"text": "x" * 5001}, "te lang"),
        ({"starts_on": "2126-12-08"}, "schooljaren"),
        ({"repeat": "weekly"}, "Tot en met welke dag"),
        ({"repeat": "weekly", "repeat_until": LATER.isoformat()}, "laatste dag"),
        ({"category": "bal"}, "geldige keuze"),
    ],
)
def test_bad_input_says_what_is_wrong_and_keeps_what_was_typed(
    cast: Cast, wrong: dict[str, object], words: str
) -> None:
    address = reverse("agenda:new", args=[cast.school.public_id])
    answer = cast.client("teacher").post(address, typed(cast, place="Lokaal 3") | wrong)
    assert answer.status_code == 200
    found = answer.content.decode()
    assert words in found
    assert "Lokaal 3" in found
    assert not Event.objects.exists()


def test_a_nul_byte_is_refused(cast: Cast) -> None:
    address = reverse("agenda:new", args=[cast.school.public_id])
    assert cast.client("teacher").post(address, typed(cast, title="Voor\x00lezen")).status_code == 400


def test_what_is_good_to_know_is_said_once_and_does_not_stop_her(cast: Cast) -> None:
    plan(cast, title="Ouderavond", by="office", whole_school=True, starts_on=LATER, starts=time(20))
    address = reverse("agenda:new", args=[cast.school.public_id])
    client = cast.client("teacher")
    evening = typed(cast, starts_on=(LATER + timedelta(1)).isoformat(), starts="19:30", ends="21:00")
    first = client.post(address, evening)
    assert "al een avond" in first.content.decode()
    assert Event.objects.count() == 1
    seen = first.context["form"]["seen"].value()
    client.post(address, evening | {"seen": seen})
    assert Event.objects.count() == 2
    # Another day is another warning.
    again = client.post(address, evening | {"seen": seen, "starts_on": "2026-12-24"})
    assert "Kerstvakantie" in again.content.decode()


def test_two_evenings_for_different_families_are_no_clash(cast: Cast) -> None:
    plan(cast, title="Ouderavond", by="other_teacher", groups=[cast.six], starts_on=LATER, starts=time(20))
    cast.client("teacher").post(
        reverse("agenda:new", args=[cast.school.public_id]), typed(cast, starts="19:30", ends="21:00")
    )
    assert Event.objects.count() == 2


def test_a_change_is_shown_with_what_changed(cast: Cast) -> None:
    event = plan(cast)
    client = cast.client("duo")
    address = reverse("agenda:edit", args=[event.public_id])
    assert 'value="0"' in client.get(address).content.decode()
    client.post(address, typed(cast, place="Aula", version="0"))
    assert "Nieuwe plek: Aula." in page(cast, "guardian", event)
    late = cast.client("teacher").post(address, typed(cast, place="Plein", version="0"))
    assert "Een collega heeft dit net veranderd" in late.content.decode()


def test_cancelled_and_on_after_all(cast: Cast) -> None:
    event = plan(cast)
    client = cast.client("teacher")
    client.post(reverse("agenda:cancel", args=[event.public_id]), {"reason": "Storm"})
    found = page(cast, "guardian", event)
    assert "Gaat niet door" in found
    assert "Storm" in found
    client.post(reverse("agenda:revive", args=[event.public_id]))
    assert "Het gaat toch door." in page(cast, "guardian", event)


def test_a_family_answers_on_the_page(cast: Cast) -> None:
    event = plan(cast, rsvp="family")
    client = cast.client("guardian")
    client.post(reverse("agenda:answer", args=[event.public_id]), {"answer": "yes", "number": "3"})
    assert "U komt, met 3 personen." in page(cast, "guardian", event)
    for bad in ("0", "99", "drie"):
        client.post(reverse("agenda:answer", args=[event.public_id]), {"answer": "yes", "number": bad}, follow=True)
        assert Rsvp.objects.get().number == 3, bad
    client.post(reverse("agenda:answer", args=[event.public_id]), {"answer": "no"})
    assert "U komt niet." in page(cast, "guardian", event)
    assert "Guardian" not in page(cast, "class_parent", event), "parents do not see each other's answers"
    client.post(reverse("agenda:take_back", args=[event.public_id]))
    assert not Rsvp.objects.exists()


def test_two_parents_of_one_child_count_once_unless_they_are_kept_apart(cast: Cast) -> None:
    event = plan(cast, rsvp="family")
    other = make.PersonFactory(school=cast.school, user=make.UserFactory(email="vader@example.org"))
    cast.people["father"] = other
    make.GuardianshipFactory(child=cast.child, person=other)
    actions.answer_event(by=cast.viewer("guardian"), event=event, answer="yes", number=3)
    actions.answer_event(by=cast.viewer("father"), event=event, answer="yes", number=2)
    found = page(cast, "teacher", event)
    assert "Er komen 2 personen" in found
    assert "telt niet dubbel" in found
    first, second = sorted([cast.people["guardian"].pk, other.pk])
    KeepApart.objects.create(school=cast.school, child=cast.child, first_id=first, second_id=second)
    assert "Er komen 5 personen" in page(cast, "teacher", event)


def test_others_see_how_many_places_are_taken_and_not_by_whom(cast: Cast) -> None:
    event = plan(cast)
    offer = ask(cast, event=event, places=3)
    cast.client("class_parent").post(reverse("agenda:take", args=[offer.public_id]))
    found = page(cast, "guardian", event)
    assert "1 van de 3 plekken bezet" in found
    assert "Class parent" not in found
    assert "U helpt mee" not in found
    assert "U helpt mee" in page(cast, "class_parent", event)
    for role in ("teacher", "office"):
        assert "Class parent Cast" in page(cast, role, event), role
    cast.client("class_parent").post(reverse("agenda:give_back", args=[Signup.objects.get().public_id]))
    assert "0 van de 3 plekken bezet" in page(cast, "guardian", event)


def test_bad_numbers_take_nothing(cast: Cast) -> None:
    offer = ask(cast, event=plan(cast), places=3, most_each=2)
    for bad in ("0", "-1", "3", "veel", "99999999999999999999"):
        address = reverse("agenda:take", args=[offer.public_id])
        answer = cast.client("guardian").post(address, {"amount": bad}, follow=True)
        assert "Kies een aantal van 1 tot en met 2." in answer.content.decode(), bad
    assert not Signup.objects.exists()


def test_places_of_another_room_are_not_reached_here(cast: Cast) -> None:
    offer = ask(cast)
    signup = take(cast, offer)
    for name, about in (("take", offer), ("change_offer", offer), ("give_back", signup), ("take_off", signup)):
        assert cast.client("teacher").post(reverse(f"agenda:{name}", args=[about.public_id])).status_code == 404, name
        assert cast.client("guardian").post(reverse(f"agenda:{name}", args=[about.public_id])).status_code == 404, name


def test_help_is_asked_for_on_the_page(cast: Cast) -> None:
    event = plan(cast)
    client = cast.client("teacher")
    address = reverse("agenda:ask", args=[event.public_id])
    wrong = client.post(address, {"title": "Rijden", "kind": "seats", "places": "3", "most_each": "9"})
    assert "niet meer dan er zijn" in wrong.content.decode()
    right = {"title": "Rijden", "kind": "seats", "places": "12", "most_each": "4", "has_waiting_list": "on"}
    client.post(address, right | {"opens_on": (TODAY + timedelta(1)).isoformat(), "opens_time": "20:00"})
    offer = Offer.objects.get()
    assert (offer.day, offer.places) == (LATER, 12)
    assert "Opgeven kan vanaf morgen om 20.00 uur" in page(cast, "guardian", event)
    client.post(reverse("agenda:change_offer", args=[offer.public_id]), right)
    assert "Hoeveel plaatsen hebt u vrij?" in page(cast, "guardian", event)
    client.post(reverse("agenda:by_hand", args=[offer.public_id]), {"name": "Opa van Joep"})
    assert "Opa van Joep" in page(cast, "teacher", event)
    assert "Opa van Joep" not in page(cast, "guardian", event)
    client.post(reverse("agenda:close_offer", args=[offer.public_id]))
    assert "Opgeven kan niet meer." in page(cast, "guardian", event)


def test_a_document_goes_along(cast: Cast) -> None:
    event = plan(cast)
    client = cast.client("teacher")
    address = reverse("agenda:add_document", args=[event.public_id])
    program = papers.upload(b"MZ\x90\x00" + b"x" * 100, name="a.exe")
    assert client.post(address, {"document": program}).status_code == 200
    assert not EventDocument.objects.exists()
    client.post(address, {"document": papers.upload(papers.pdf())})
    attached = EventDocument.objects.get()
    file = reverse("agenda:document", args=[attached.public_id])
    assert cast.client("guardian").get(file).status_code == 200
    assert cast.client("other_guardian").get(file).status_code == 404
    client.post(reverse("agenda:remove_document", args=[attached.public_id]))
    assert not EventDocument.objects.exists()


def test_the_page_costs_the_same_for_one_answer_and_for_many(cast: Cast) -> None:
    event = plan(cast, rsvp="family")
    offer = ask(cast, event=event, places=40)
    people = families(cast, 12)

    def count(role: str) -> int:
        client = cast.client(role)
        address = reverse("agenda:event", args=[event.public_id])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    for n, person in enumerate(people):
        take_as(person, offer)
        Rsvp.objects.create(
            school=cast.school, event=event, person=person, answer="yes", number=2, answered_at=event.created_at
        )
        if n == 1:
            few = {role: count(role) for role in ("guardian", "teacher")}
    assert {role: count(role) for role in few} == few
    assert few["guardian"] <= 20
