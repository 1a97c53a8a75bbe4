"""Replies and places: taking, changing, giving back; what a responder does; whom notices reach."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kring.agenda.models import Place
from kring.agreements.policy import DEFAULTS, with_values
from kring.core.access import Refused
from kring.files.models import Document
from kring.help_requests import actions
from kring.help_requests.jobs import forget_unconfirmed
from kring.help_requests.models import HelpRequest, Reply, RequestDocument
from kring.help_requests.rules import Asker, Fault, Route, fault_of, route_for
from kring.help_requests.showing import piece_of
from kring.notifications import outbox
from kring.notifications.models import Delivery, Notice
from tests.cast import TODAY, Cast
from tests.files import papers
from tests.help_requests.asking import fresh, handed_in, in_post, in_talk, mailed, says, task

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def told(kind: str) -> set[str]:
    """Expand the notices of this kind and return the logins that are told."""
    for notice in Notice.objects.filter(kind=kind):
        outbox.expand(notice)
    rows = Delivery.objects.filter(notice__kind=kind, channel="inbox").select_related("user")
    return {row.user.email.split("@")[0] for row in rows}


@pytest.mark.parametrize(
    ("asker", "changes", "route"),
    [
        (Asker.COUNCIL, {}, Route.OFFICE),
        (Asker.CLASS_PARENT, {}, Route.TEACHER),
        (Asker.COUNCIL, {"council_requests.way": "management"}, Route.MANAGEMENT),
        (Asker.COUNCIL, {"council_requests.way": "off"}, Route.OFF),
        (Asker.CLASS_PARENT, {"class_parent_requests.way": "itself"}, Route.ITSELF),
    ],
)
def test_the_route_follows_the_agreement(asker: Asker, changes: dict[str, str], route: Route) -> None:
    assert route_for(asker, with_values(DEFAULTS, changes)) == route


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({}, None),
        ({"title": " "}, Fault.NO_TITLE),
        ({"text": ""}, Fault.NO_TEXT),
        ({"text": "a" * 3_001}, Fault.LONG),
        ({"day": TODAY - timedelta(1)}, Fault.DAY_PAST),
        ({"day": TODAY}, None),
        ({"day": TODAY + timedelta(500)}, Fault.DAY_FAR),
        ({"tasks": [("", 2), ("", 3)]}, Fault.TASK_WITHOUT_NAME),
        ({"tasks": [("Snijden", 2), ("snijden ", 3)]}, Fault.SAME_TASK),
        ({"responders": 0}, Fault.NO_RESPONDER),
        ({"responders": 7}, Fault.MANY_RESPONDERS),
    ],
)
def test_what_is_wrong_with_a_request(more: dict[str, object], fault: Fault | None) -> None:
    given = {"title": "Soep", "text": "Wie?", "day": None, "starts": None, "ends": None, "tasks": [], "responders": 1}
    assert fault_of(**{**given, **more}, today=TODAY) == fault  # type: ignore[arg-type]


def test_another_task_gives_the_first_place_back(cast: Cast) -> None:
    request = in_talk(cast, tasks=(("Snijden", 1), ("Roeren", 2)))
    says(cast, request, task=task(request, "Snijden"))
    says(cast, request, task=task(request, "Roeren"))
    assert [place.offer.title for place in Place.objects.select_related("offer")] == ["Roeren"]
    says(cast, request, says="cannot")
    assert not Place.objects.exists()
    assert Reply.objects.get().says == "cannot"


def test_with_more_people_come_more_places(cast: Cast) -> None:
    request = in_talk(cast, tasks=(("", 3),), asks_number=True)
    says(cast, request, number=2)
    with pytest.raises(Refused, match="1"):
        says(cast, request, by="shielded_guardian", number=2)
    says(cast, request, by="shielded_guardian", number=1)
    assert Place.objects.count() == 3


def test_who_waits_moves_up_when_a_place_is_freed(cast: Cast) -> None:
    request = in_talk(cast, tasks=(("", 1),))
    first, second = says(cast, request), says(cast, request, by="shielded_guardian")
    assert piece_of(fresh(request), cast.viewer("shielded_guardian")).waits
    actions.free_place(
        by=cast.viewer("class_parent"), reply=Reply.objects.select_related("signup__offer").get(pk=first.pk)
    )
    assert not piece_of(fresh(request), cast.viewer("shielded_guardian")).waits
    assert Place.objects.get().signup.person == second.person
    assert told("agenda.moved_up") == {"shielded_guardian"}


def test_somebody_of_the_school_gate_fills_a_place_and_can_be_taken_off(cast: Cast) -> None:
    request, by = in_talk(cast, tasks=(("", 2),)), cast.viewer("class_parent")
    row = actions.add_by_hand(by=by, request=request, name=" Opa  Jan ")
    assert (row.who, row.ticked_at is not None, Place.objects.count()) == ("Opa Jan", True, 1)
    actions.free_place(by=by, reply=row)
    assert (Reply.objects.count(), Place.objects.count()) == (0, 0)


def test_a_place_is_given_to_who_lost_it(cast: Cast) -> None:
    request, by = in_talk(cast, tasks=(("", 2),)), cast.viewer("class_parent")
    reply = says(cast, request)
    actions.free_place(by=by, reply=reply)
    reply = Reply.objects.select_related("request__school").get()
    actions.give_place(by=by, reply=reply, task=task(request))
    assert Place.objects.count() == 1
    says(cast, request, says="cannot")
    assert Place.objects.count() == 0


def test_without_places_everybody_is_welcome(cast: Cast) -> None:
    request = in_talk(cast)
    says(cast, request)
    says(cast, request, by="shielded_guardian")
    assert piece_of(fresh(request), cast.viewer("guardian")).helping == 2


def test_changed_replies_are_to_be_looked_at_again(cast: Cast) -> None:
    request = in_talk(cast)
    actions.tick(by=cast.viewer("class_parent"), reply=says(cast, request), done=True)
    assert says(cast, request, says="cannot").ticked_at is None


def test_who_places_it_is_told_and_nobody_else(cast: Cast) -> None:
    handed_in(cast)
    handed_in(cast, by="parent_council")
    assert told("help_requests.handed_in") == {"teacher", "duo", "office"}


def test_replies_are_told_to_the_named_alone_and_as_one(cast: Cast) -> None:
    request = in_talk(cast, "class_parent", "duo")
    says(cast, request)
    says(cast, request, by="shielded_guardian")
    assert Notice.objects.filter(kind="help_requests.replies_came").count() == 1
    assert told("help_requests.replies_came") == {"class_parent", "duo"}


def test_the_reminder_reaches_only_who_has_not_replied(cast: Cast) -> None:
    request = in_post(cast)
    says(cast, request, by="guardian", says="cannot")
    actions.remind(by=cast.viewer("parent_council"), request=request)
    assert told("help_requests.reminder") == {"shielded_guardian", "class_parent", "other_guardian"}


def test_thanks_and_the_end_reach_who_helps(cast: Cast) -> None:
    request = in_talk(cast)
    reply = says(cast, request)
    says(cast, request, by="shielded_guardian", says="cannot")
    actions.thank(by=cast.viewer("class_parent"), reply=reply)
    actions.close_request(by=cast.viewer("class_parent"), request=fresh(request), thanks="Dank!")
    assert told("help_requests.thanked") == {"guardian"}
    assert told("help_requests.closed") == {"guardian"}


def test_a_mail_is_told_to_who_owns_the_address(cast: Cast) -> None:
    mailed(cast)
    assert told("help_requests.mail_came") == {"parent_council"}


def test_a_draft_that_nobody_confirms_is_forgotten_with_its_documents(cast: Cast) -> None:
    request = mailed(cast, uploads=[papers.upload(papers.pdf())])
    assert forget_unconfirmed() == 0
    HelpRequest.objects.filter(pk=request.pk).update(made_at=timezone.now() - timedelta(days=61))
    written = handed_in(cast, hand_in=False)
    HelpRequest.objects.filter(pk=written.pk).update(made_at=timezone.now() - timedelta(days=61))
    assert forget_unconfirmed() == 1
    assert forget_unconfirmed() == 0
    assert HelpRequest.objects.get() == written
    assert not Document.objects.exists()


def test_too_many_documents_are_refused_and_none_stays(cast: Cast) -> None:
    with pytest.raises(Refused):
        handed_in(cast, uploads=[papers.upload(papers.pdf(), f"{n}.pdf") for n in range(6)])
    assert not RequestDocument.objects.exists()
    assert not Document.objects.exists()
