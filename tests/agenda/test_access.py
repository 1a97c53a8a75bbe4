"""Who sees and does what in the agenda: each role with an explicit yes or no, each no beside a yes of somebody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.urls import reverse

from kring.agenda import actions
from kring.agenda.models import Event, EventDocument, Offer, Reminder, Rsvp, Signup
from kring.core.access import NotAllowed, Refused
from kring.core.viewer import Viewer
from tests.agenda.planning import ask, plan, take, wanted
from tests.agenda.standing import events_of
from tests.cast import ROLES, Cast, answers, expected

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FAMILIES = {"guardian", "limited", "shielded_guardian", "class_parent"}
TEAM = {"teacher", "duo", "office", "management"}


@pytest.mark.parametrize(
    ("page", "about", "table"),
    [
        ("event", "event", expected(404, _200=FAMILIES | TEAM)),
        ("event", "planned", expected(404, _200=TEAM)),
        ("edit", "event", expected(404, _200=TEAM, _403=FAMILIES)),
        ("cancel", "event", expected(404, _200=TEAM, _403=FAMILIES)),
        ("ask", "event", expected(404, _200=TEAM, _403=FAMILIES)),
        ("add_document", "event", expected(404, _200=TEAM, _403=FAMILIES)),
        ("change_offer", "event.offer", expected(404, _200=TEAM, _403=FAMILIES)),
        ("document", "event.document", expected(404, _200=FAMILIES | TEAM)),
    ],
)
def test_pages(cast: Cast, page: str, about: str, table: dict[str, int]) -> None:
    assert answers(cast, reverse(f"agenda:{page}", args=[events_of(cast)[about]])) == table


def test_putting_something_in(cast: Cast) -> None:
    known = {"care_coordinator", "guardian", "other_guardian", "limited", "shielded_guardian", "class_parent"}
    table = expected(404, _200=TEAM | {"other_teacher"}, _403=known | {"parent_council", "board_admin"})
    assert answers(cast, reverse("agenda:new", args=[cast.school.public_id])) == table


def test_rows(cast: Cast) -> None:
    ids = events_of(cast)
    sees: dict[str, set[str]] = {}
    for role in ROLES:
        viewer = cast.viewer(role)
        sees[role] = {
            name
            for name, found in {
                "event": Event.objects.visible_to(viewer).filter(public_id=ids["event"]),
                "plan": Event.objects.visible_to(viewer).filter(public_id=ids["planned"]),
                "answer": Rsvp.objects.visible_to(viewer),
                "offer": Offer.objects.visible_to(viewer),
                "signup": Signup.objects.visible_to(viewer),
                "document": EventDocument.objects.visible_to(viewer),
                "reminder": Reminder.objects.visible_to(viewer),
            }.items()
            if found.exists()
        }
    family, team = (
        {"event", "offer", "document"},
        {"event", "plan", "answer", "offer", "signup", "document", "reminder"},
    )
    assert sees == {
        **{role: set() for role in ROLES},
        **dict.fromkeys(FAMILIES, family),
        "guardian": family | {"answer", "signup"},
        **dict.fromkeys(TEAM, team),
    }


def done(cast: Cast, act: Callable[[Viewer], object]) -> set[str]:
    """Return the roles that may do it; whatever each did is undone before the next tries."""
    found = set()
    for role in ROLES:
        try:
            with transaction.atomic():
                act(cast.viewer(role))
                found.add(role)
                transaction.set_rollback(True)
        except (NotAllowed, Refused):
            continue
    return found


def test_actions(cast: Cast) -> None:
    """Asked of the actions themselves, as if each had reached the object: the school's own people at most."""
    event, planned = plan(cast, rsvp="family"), plan(cast, publish=False)
    offer = ask(cast, event=event)
    signup = take(cast, offer)
    for act in (
        lambda by: actions.change_event(by=by, event=Event.objects.get(pk=event.pk), what=wanted(cast, place="Aula")),
        lambda by: actions.cancel_event(by=by, event=Event.objects.get(pk=event.pk)),
        lambda by: actions.publish_event(by=by, event=Event.objects.get(pk=planned.pk)),
        lambda by: actions.remove_event(by=by, event=Event.objects.get(pk=planned.pk)),
        lambda by: actions.make_offer(by=by, school=cast.school, what=actions.OfferInput("Hulp", 2), event=event),
        lambda by: actions.close_offer(by=by, offer=Offer.objects.get(pk=offer.pk)),
        lambda by: actions.add_by_hand(by=by, offer=Offer.objects.get(pk=offer.pk), name="Opa"),
        lambda by: actions.take_off(by=by, signup=Signup.objects.get(pk=signup.pk)),
    ):
        assert done(cast, act) == TEAM
    assert done(cast, lambda by: actions.give_back(by=by, signup=Signup.objects.get(pk=signup.pk))) == {"guardian"}
    with_child = FAMILIES | {"other_guardian", "parent_council"}
    assert done(cast, lambda by: actions.answer_event(by=by, event=event, answer="yes")) == with_child
    of_the_school = {role for role in ROLES if role != "signed out" and cast.people[role].school_id == cast.school.pk}
    assert done(cast, lambda by: actions.take_place(by=by, offer=Offer.objects.get(pk=offer.pk))) == of_the_school
    mine = actions.make_event
    assert done(cast, lambda by: mine(by=by, school=cast.school, what=wanted(cast))) == TEAM
    assert done(cast, lambda by: mine(by=by, school=cast.school, what=wanted(cast, groups=[cast.six]))) == {
        "other_teacher", "office", "management",
    }  # fmt: skip
    assert done(cast, lambda by: mine(by=by, school=cast.school, what=wanted(cast, whole_school=True))) == {
        "office", "management",
    }  # fmt: skip
