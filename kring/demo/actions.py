"""Loading the demo into an empty database, all or nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kring.core.access import Refused
from kring.core.models import Installation
from kring.demo.absences import tell_who_is_away
from kring.demo.circles import let_parents_meet
from kring.demo.coming_year import plan_coming_year
from kring.demo.consents import choose_about_photos
from kring.demo.helping import let_people_help
from kring.demo.naming import keep_one_back, name_who_is_in_photos, send_one_alone
from kring.demo.news import (
    Newsroom,
    agree_to_agreements,
    leave_work,
    let_people_read,
    tell_everybody,
    tell_stories,
    tell_what_comes,
)
from kring.demo.quiet import choose_how_to_be_told
from kring.demo.rounds import plan_conversations
from kring.demo.school import Built, build_everything, operator
from kring.demo.talks import hold_conversations
from kring.demo.year import fill_agenda
from kring.notifications.actions import skip_past
from kring.people.models import User


@transaction.atomic
def load_demo(*, now: datetime) -> Built:
    """Fill an empty database with the demo schools as of `now` (aware) and mark it as a demo for ever.

    Raises Refused when anything is in the database already: a real school never gets demo data.
    """
    if User.objects.exists() or Installation.objects.exists():
        raise Refused("This database is not empty.")
    Installation.objects.create(pk=1, is_demo=True)
    linde, populier = build_everything(now=now)
    room = Newsroom(linde, now=now)
    tell_stories(room)
    tell_what_comes(room)
    tell_everybody(room)
    leave_work(room)
    let_people_read(room)
    hold_conversations(room)
    let_parents_meet(room)
    fill_agenda(room)
    plan_coming_year(room)
    let_people_help(room)
    tell_who_is_away(room)
    _second_school(populier, now=now)
    agree_to_agreements(linde, populier, now=now)
    choose_about_photos(linde, populier, now=now)
    name_who_is_in_photos(linde, now=now)
    choose_how_to_be_told(linde, now=now)
    keep_one_back(linde, now=now)
    send_one_alone(linde, now=now)
    plan_conversations(room)
    skip_past(by=operator(now), now=now)
    return linde


def _second_school(populier: Built, *, now: datetime) -> None:
    room = Newsroom(populier, now=now)
    teacher = populier.team["Juf Yara"]
    for n, (title, text) in enumerate(
        [
            ("Een uil op bezoek", "De boswachter had een uil bij zich. Hij knipperde één keer en toen was het stil."),
            ("Rekenen met dobbelstenen", "Wie gooit het eerst samen honderd? Het lukte in zestien worpen."),
        ]
    ):
        room.tell(
            author=teacher,
            kind="group",
            title=title,
            text=text,
            group="Groep 3/4",
            at=room.moment(room.days.back[1 + 3 * n], 14, 45),
        )
