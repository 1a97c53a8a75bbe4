"""States of the pages about being told that no link leads to: forms with errors, own hours, the link under a mail."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from kring.agreements.actions import publish_draft, save_draft
from kring.agreements.current import version_in_force
from kring.notifications.rules import Topic
from kring.notifications.unsubscribing import OVERVIEW, token_for
from kring.people.models import Person
from kring.people.viewers import viewer_for
from kring.school.models import School
from tests.browsing import Browsing
from tests.health import Inspector

SAVE = "main form .button--primary"


def telling(look: Inspector, browsing: Browsing) -> None:
    """A teacher has hours of her own, with and without a fault; a parent turns mail off by the link under it."""
    with browsing.turn():
        now = timezone.now()
        school = School.objects.get(name="De Linde")
        head = viewer_for(Person.objects.get(school=school, first_name="Ineke").user, now=now)
        version = version_in_force(school, at=now)
        assert version
        save_draft(
            by=head, school=school, values=version.values | {"contact_hours.per_person": True},
            confirmed=version.confirmed,
        )  # fmt: skip
        publish_draft(by=head, school=school, in_force_from=school.today(now))
        parent = Person.objects.get(school=school, first_name="Marloes", last_name="Heuvel").user_id
        assert parent
    look.open(reverse("notifications:preferences"), "how I am told, with hours of my own")
    look.open(reverse("notifications:own_hours", args=[school.public_id]), "my contact hours")
    look.send(look.page.locator(SAVE), "my contact hours, wrong", fill={"day_2": "morgens"})
    for what in (Topic.NEWS.value, OVERVIEW):
        look.open(reverse("notifications:unsubscribe", args=[token_for(parent, what)]), f"stop mails, {what}")
        look.send(look.page.locator(SAVE), f"mails stopped, {what}")
