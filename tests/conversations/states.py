"""States of conversations that no link leads to for long: one's own words, while they may still be changed."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from kring.conversations.actions import write_to_team
from kring.conversations.models import Conversation
from kring.conversations.permissions import can_close
from kring.people.models import Child, Enrolment, Person
from kring.people.viewers import viewer_for
from kring.school.models import School
from tests.browsing import Browsing
from tests.health import Inspector

SEND = "main form .button--primary"


def talking(look: Inspector, browsing: Browsing) -> None:
    """A parent wrote to the team a moment ago and changes her words: to other ones, and to none."""
    with browsing.turn():
        now = timezone.now()
        school = School.objects.get(name="De Linde")
        parent = Person.objects.get(school=school, first_name="Marloes", last_name="Heuvel")
        by = viewer_for(parent.user, now=now)
        child = Child.objects.get(pk=min(by.own_child_ids))
        seat = Enrolment.objects.filter(child=child).order_by("-starts_on").select_related("group").first()
        assert seat
        message = write_to_team(by=by, group=seat.group, child=child, text="Mag ik morgen meelopen?")
        asked = Conversation.objects.visible_to(by).open_groups().first()
        assert asked
    look.open(reverse("conversations:edit", args=[message.public_id]), "my own words")
    look.send(look.page.locator(SEND), "my own words, emptied", fill={"text": " "})
    look.open(reverse("conversations:privately", args=[asked.public_id]), "in private instead of to the group")
    look.open(reverse("conversations:report_messages", args=[asked.public_id]), "what should management look at?")


def closing(look: Inspector, browsing: Browsing) -> None:
    """A teacher is about to close what she or a parent asked the group."""
    with browsing.turn():
        teacher = Person.objects.get(school__name="De Linde", first_name="Anouk").user
        by = viewer_for(teacher, now=timezone.now())
        found = Conversation.objects.as_team(by).open_groups()
        asked = next(talk for talk in found if can_close(by, talk))
    look.open(reverse("conversations:close", args=[asked.public_id]), "closing a question to the group")
