"""What the families of the demo chose about photos: mostly yes, some no, some not yet, and two parents who differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from kring.agreements.policy import PURPOSES
from kring.consents.actions import answer, start_renewal
from kring.consents.permissions import can_answer
from kring.demo.school import Built, operator
from kring.people.models import Child, Guardianship, Person, User
from kring.people.viewers import viewers_for

ASKED, LAST = 50, 2  # days ago: the round, and the last change
EVENING = time(19, 40)
YES = dict.fromkeys(PURPOSES, True)
NO = dict.fromkeys(PURPOSES, False)
# The first guardian of most children chooses one of these; None has not chosen yet.
MOSTLY: list[dict[str, bool] | None] = [
    YES,
    {**YES, "social_media": False},
    YES,
    {**YES, "social_media": False, "website": False, "board": False},
    {**YES, "lesson_recording": False},
    YES,
    {code: True for code in PURPOSES if code not in ("social_media", "lesson_recording")},
    {**NO, "app_group": True, "class_photo": True},
    YES,
    None,
    {**YES, "photographer_address": False},
    {**YES, "social_media": False},
    NO,
]


@dataclass(frozen=True, slots=True)
class Said:
    """One guardian chose this for one child, so many days ago."""

    ago: int
    child: Child
    person: Person
    answers: dict[str, bool]


def choose_about_photos(*schools: Built, now: datetime) -> None:
    """Let the families of the schools choose, each through her own login, as of `now` (aware)."""
    for built in schools:
        moment = now - timedelta(days=ASKED)
        if built.school.today(moment) >= built.years[1].starts_on:
            start_renewal(by=operator(moment), school=built.school)
        said = sorted(_said(built), key=lambda one: -one.ago)
        for ago in sorted({one.ago for one in said}, reverse=True):
            of_that_day = [one for one in said if one.ago == ago]
            users: dict[int, User] = {one.person.user.pk: one.person.user for one in of_that_day if one.person.user}
            evening = built.school.moment(built.school.today(now) - timedelta(days=ago), EVENING)
            viewers = viewers_for(users.values(), now=evening)
            for one in of_that_day:
                viewer = viewers[one.person.user_id or 0]
                if can_answer(viewer, one.child):  # who came to the school later than that day has not chosen
                    answer(by=viewer, child=one.child, answers=one.answers)


def _said(built: Built) -> Iterator[Said]:
    ties = Guardianship.objects.filter(school=built.school, authority="yes", person__user__isnull=False)
    guardians: dict[int, list[Person]] = {}
    for tie in ties.select_related("person__user").order_by("pk"):
        guardians.setdefault(tie.child_id, []).append(tie.person)
    for n, (name, child) in enumerate(built.children.items()):
        own = guardians.get(child.pk, [])
        if own and name in KNOWN:
            yield from (Said(ago, child, own[who], answers) for ago, who, answers in KNOWN[name] if who < len(own))
        elif own and (chosen := MOSTLY[n % len(MOSTLY)]) is not None:
            yield Said(ASKED - 2 - n % 30, child, own[0], chosen)


# Days ago, which guardian, what: Joep's parents differ about social media, Lina's mother changed her mind.
KNOWN: dict[str, list[tuple[int, int, dict[str, bool]]]] = {
    "Joep Heuvel": [
        (40, 0, {code: True for code in PURPOSES if code != "lesson_recording"}),
        (38, 1, {"social_media": False}),
    ],
    "Saar Heuvel": [(40, 0, YES)],
    "Lina Haddou": [(41, 0, {**YES, "website": True}), (LAST, 0, {"website": False, "social_media": False})],
    "Noor Aerts": [(45, 0, NO)],
    "Daan Bouzid": [],
}
