"""After the times are known a family asks for another one, and hears what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from kring.core.access import Refused
from kring.meetings import actions
from kring.meetings.actions.publishing import publish_plan
from kring.meetings.faults import Facts
from kring.meetings.models import Ask, Booking, Party, PlanRun, Round
from kring.notifications import outbox
from kring.notifications.models import Delivery, Notice
from tests.cast import NOW, ROLES, Cast
from tests.meetings.made_plans import a_plan
from tests.meetings.planning import a_round, at, party, slots
from tests.meetings.test_wishes import two_guardians
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TEAM = {"office", "management", "teacher", "duo"}


def a_planned_round(cast: Cast, **more: Any) -> Round:
    """Return a round whose times are known: the children of the guardian have the first moment of their groups."""
    made = a_round(cast, cast.five, cast.infants, filling="school", **more)
    office = cast.viewer("office")
    actions.book_for_family(by=office, party=party(made, cast.child), slot=slots(made, cast.five)[0])
    actions.book_for_family(by=office, party=party(made, cast.sibling), slot=slots(made, cast.infants)[3])
    a_plan(made, {}, state="published", published_at=NOW)
    Notice.objects.all().delete()
    return made


def page(made: Round) -> str:
    return reverse("meetings:choose", args=[made.public_id])


def ask_page(own: Party) -> str:
    return reverse("meetings:ask", args=[own.public_id])


def at_school(name: str, own: Party) -> str:
    return reverse(f"meetings:{name}", args=[own.round.school.public_id, own.round.public_id, own.public_id])


def ask(cast: Cast, own: Party, *, note: str = "Later op de middag", role: str = "guardian", **more: Any) -> Ask:
    return actions.ask_for_time(by=cast.viewer(role), party=own, slot=more.pop("slot", None), note=note)


def told(kind: str) -> set[str]:
    notice = Notice.objects.get(kind=f"meetings.{kind}")
    outbox.expand(notice)
    return set(Delivery.objects.filter(notice=notice).values_list("user__persons__first_name", flat=True))


def test_the_family_sees_its_times_for_all_children_and_asks_for_another(cast: Cast) -> None:
    made = a_planned_round(cast)
    own, client = party(made, cast.child), cast.client("guardian")
    html = client.get(page(made)).content.decode()
    assert html.index("15.00") < html.index("15.30")
    assert html.count("Andere tijd vragen") == 2
    assert "Wensen bewaren" not in html
    free = slots(made, cast.five)[5]
    html = client.get(ask_page(own)).content.decode()
    assert free.public_id in html
    assert slots(made, cast.five)[0].public_id not in html
    html = client.post(ask_page(own), {"slot": free.public_id, "note": "Ik werk tot vier uur"}, follow=True)
    html = html.content.decode()
    assert "U vroeg om een andere tijd: dinsdag 8 december om 15.50 uur." in html
    assert "Ik werk tot vier uur" in html
    assert html.count("Andere tijd vragen") == 1
    assert told("asked_for_team") >= {"Office", "Management", "Teacher"}
    assert "Guardian" not in told("asked_for_team")


def test_a_question_without_anything_for_a_taken_moment_or_too_long_says_so_and_keeps_what_was_typed(
    cast: Cast,
) -> None:
    made = a_planned_round(cast)
    own, client = party(made, cast.child), cast.client("guardian")
    assert "Kies een tijd, of schrijf" in client.post(ask_page(own), {"slot": "", "note": " "}).content.decode()
    taken = slots(made, cast.five)[0]
    html = client.post(ask_page(own), {"slot": taken.public_id, "note": "Liever later"}).content.decode()
    assert "net gekozen" in html
    assert "Liever later" in html
    assert client.post(ask_page(own), {"note": "a" * 201}).status_code == 200
    with pytest.raises(Refused):
        ask(cast, own, slot=taken)
    assert not Ask.objects.exists()


def test_one_question_is_open_at_a_time_and_taken_back_it_makes_room(cast: Cast) -> None:
    made = a_planned_round(cast)
    own, client = party(made, cast.child), cast.client("guardian")
    first = ask(cast, own)
    assert "staat al een vraag" in client.post(ask_page(own), {"note": "Nog een"}).content.decode()
    for _tap in range(2):
        client.post(reverse("meetings:withdraw_ask", args=[first.public_id]))
    first.refresh_from_db()
    assert first.state == "withdrawn"
    ask(cast, own)
    assert list(Ask.objects.values_list("state", flat=True)) == ["withdrawn", "open"]


@pytest.mark.django_db(transaction=True)
def test_of_two_guardians_who_ask_at_once_one_question_stands(cast: Cast) -> None:
    role = two_guardians(cast)
    made = a_planned_round(cast)
    own = party(made, cast.child)
    viewers = [cast.viewer("guardian"), cast.viewer(role)]

    def job(number: int) -> str:
        try:
            actions.ask_for_time(by=viewers[number], party=own, slot=None, note="Later")
        except Refused as refused:
            return refused.sentence
        return ""

    assert sorted(bool(said) for said in at_once(job, 2)) == [False, True]
    assert Ask.objects.open().count() == 1


def test_without_the_key_each_who_looks_first_would_ask(cast: Cast) -> None:
    own = party(a_planned_round(cast), cast.child)
    looked = [not Ask.objects.open().filter(party=own).exists() for _guardian in range(2)]
    assert looked == [True, True], "each believes that nothing was asked, and would write a question down"


def test_the_office_sees_the_question_and_gives_that_time_or_another(cast: Cast) -> None:
    made = a_planned_round(cast)
    own, client = party(made, cast.child), cast.client("office")
    wanted, other = slots(made, cast.five)[5], slots(made, cast.five)[1]
    question = ask(cast, own, slot=wanted)
    at_round = reverse("meetings:round", args=[made.school.public_id, made.public_id])
    for place in (
        at_round,
        reverse("meetings:families", args=[made.school.public_id, made.public_id, cast.five.public_id]),
    ):
        assert "1 gezin vraagt om een andere tijd" in client.get(place).content.decode()
    html = client.get(at_school("party", own)).content.decode()
    assert "Deze tijd geven" in html
    assert "Later op de middag" in html
    client.post(at_school("put", own), {"slot": wanted.public_id})
    question.refresh_from_db()
    assert (question.state, question.answered_by) == ("moved", cast.people["office"])
    assert Booking.objects.get(party=own).slot == wanted
    assert told("moved") == {"Guardian"}
    assert "gezin vraagt" not in client.get(at_round).content.decode()
    again = ask(cast, own)
    client.post(at_school("put", own), {"slot": other.public_id})
    again.refresh_from_db()
    assert again.state == "moved"


def test_a_question_is_declined_with_a_sentence_that_the_family_reads(cast: Cast) -> None:
    made = a_planned_round(cast)
    own, client = party(made, cast.child), cast.client("teacher")
    question = ask(cast, own)
    html = client.post(at_school("decline_ask", own), {"answer": " "}).content.decode()
    assert "field__error" in html
    client.post(at_school("decline_ask", own), {"answer": "Alle andere tijden zijn bezet."})
    question.refresh_from_db()
    assert (question.state, question.answer) == ("declined", "Alle andere tijden zijn bezet.")
    assert told("ask_declined") == {"Guardian"}
    html = cast.client("guardian").get(page(made)).content.decode()
    assert "Alle andere tijden zijn bezet." in html
    assert html.count("Andere tijd vragen") == 2
    late = client.post(at_school("decline_ask", own), {"answer": "Nog eens."})
    assert late.status_code == 409
    assert "intussen beantwoord" in late.content.decode()


def test_a_family_without_a_time_sees_so_and_may_ask(cast: Cast) -> None:
    made = a_planned_round(cast)
    html = cast.client("shielded_guardian").get(page(made)).content.decode()
    assert "Voor dit gesprek is er nog geen tijd." in html
    own = party(made, cast.shielded)
    ask(cast, own, role="shielded_guardian")
    slot = slots(made, cast.five)[2]
    actions.book_for_family(by=cast.viewer("office"), party=own, slot=slot)
    assert Ask.objects.get(party=own).state == "moved"


def test_nothing_is_asked_before_the_times_are_known_nor_after_the_conversation(cast: Cast) -> None:
    made = a_planned_round(cast)
    own = party(made, cast.child)
    made.runs.update(state="done")
    with pytest.raises(PermissionDenied):
        ask(cast, own)
    made.runs.update(state="published")
    with time_machine.travel(at(slots(made, cast.five)[0].starts_at.date(), 15, 1), tick=False):
        assert cast.client("guardian").get(ask_page(own)).status_code == 403
    with time_machine.travel(made.closes_at + timedelta(minutes=5), tick=False):
        assert cast.client("guardian").get(ask_page(own)).status_code == 200


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"guardian"}))
def test_only_its_own_guardian_asks_for_a_party_and_takes_it_back(cast: Cast, role: str) -> None:
    own = party(a_planned_round(cast), cast.child)
    with pytest.raises(PermissionDenied):
        ask(cast, own, role=role)
    question = ask(cast, own)
    with pytest.raises(PermissionDenied):
        actions.withdraw_ask(by=cast.viewer(role), ask=question)
    actions.withdraw_ask(by=cast.viewer("guardian"), ask=question)


@pytest.mark.parametrize("role", sorted(set(ROLES) - TEAM))
def test_only_the_team_of_the_group_answers(cast: Cast, role: str) -> None:
    question = ask(cast, party(a_planned_round(cast), cast.child))
    with pytest.raises(PermissionDenied):
        actions.decline_ask(by=cast.viewer(role), ask=question, answer="Nee")
    seen_by = {one for one in ROLES if Ask.objects.visible_to(cast.viewer(one)).filter(pk=question.pk).exists()}
    assert seen_by == TEAM | {"guardian"}
    actions.decline_ask(by=cast.viewer("duo"), ask=question, answer="Nee")


def test_pages_of_known_times_cost_the_same_however_much_is_asked(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    made = a_planned_round(cast)
    client, office = cast.client("guardian"), cast.client("office")
    at_round = reverse("meetings:round", args=[made.school.public_id, made.public_id])
    client.get(page(made)), office.get(at_round)
    for role, child in (("guardian", cast.child), ("guardian", cast.sibling), ("shielded_guardian", cast.shielded)):
        with django_assert_max_num_queries(16):
            client.get(page(made))
        with django_assert_max_num_queries(26):
            office.get(at_round)
        ask(cast, party(made, child), role=role)


def test_from_wishes_to_a_plan_made_known_to_another_time(cast: Cast) -> None:
    made = a_round(cast, cast.five, filling="school")
    own, client = party(made, cast.child), cast.client("guardian")
    assert "Wensen bewaren" in client.get(page(made)).content.decode()
    run = a_plan(made, {own: slots(made, cast.five)[1]})
    assert "15.10" not in client.get(page(made)).content.decode()
    plan = PlanRun.objects.select_related("round__school", "round__audience").get(pk=run.pk)
    left = Facts(plan, now=NOW).without_time()
    publish_plan(by=cast.viewer("office"), run=plan, without=len(left))
    html = client.get(page(made)).content.decode()
    assert "15.10 – 15.20" in html
    assert "Andere tijd vragen" in html
    ask(cast, own)
    actions.move_booking(by=cast.viewer("office"), booking=whole(own), slot=slots(made, cast.five)[4])
    assert "15.40 – 15.50" in client.get(page(made)).content.decode()
    assert Ask.objects.get().state == "moved"


def whole(own: Party) -> Booking:
    rows = Booking.objects.for_pages().select_related("party__round__school", "party__round__audience")
    return rows.select_related("party__audience").get(party=own)
