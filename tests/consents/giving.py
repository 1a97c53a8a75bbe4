"""Giving consent in tests, the way the product does: through the room's own action."""

from __future__ import annotations

from kring.agreements.policy import PURPOSES
from kring.consents.actions import answer
from kring.people.models import Child, Person
from tests import factories as make
from tests.cast import Cast


def say(cast: Cast, role: str, child: Child, is_yes: bool, *codes: str) -> int:
    """Let a guardian answer yes or no for these purposes (all of them without any)."""
    return answer(by=cast.viewer(role), child=child, answers=dict.fromkeys(codes or PURPOSES, is_yes))


def second_parent(cast: Cast, child: Child, **facts: object) -> Person:
    """Give the child a second guardian with authority and a login; she is `people["second_parent"]`."""
    user = make.UserFactory(email="second_parent@example.org")
    person = make.PersonFactory(school=child.school, user=user, first_name="Tweede", last_name="Ouder")
    cast.people["second_parent"] = person
    make.GuardianshipFactory(child=child, person=person, **facts)
    return person
