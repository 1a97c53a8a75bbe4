"""States of the agenda that links do not reach: an empty week, a plan, what is cancelled, a reminder, faults."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from kring.agenda import actions
from kring.agenda.actions import EventInput, OfferInput
from kring.agenda.models import Event, Reminder
from kring.agenda.permissions import Target
from kring.people.models import Person
from kring.people.viewers import viewer_for
from kring.posts.actions import Content, order_post, save_draft, start_draft
from kring.posts.permissions import Target as PostTarget
from kring.school.models import Group, School
from tests.browsing import Browsing
from tests.health import Inspector

SEND = "main form.formpage__form .button--primary"


def keeping(look: Inspector, browsing: Browsing) -> None:
    """A teacher plans, with faults and with something good to know, and looks at what she planned and cancelled."""
    with browsing.turn():
        now = timezone.now()
        school = School.objects.get(name="De Linde")
        by = viewer_for(Person.objects.get(school=school, first_name="Anouk").user, now=now)
        group = Group.objects.get(pk=min(by.taught_group_ids))
        day = max(school.today(now) + timedelta(2), group.school_year.starts_on)
        day = min(day, group.school_year.ends_on)
        target = Target(group_ids=frozenset({group.pk}))

        def make(title: str, **more: object) -> Event:
            what = EventInput(title, day, target, rsvp="family", is_important=True, text="Kom *allemaal* kijken.")
            return actions.make_event(by=by, school=school, what=what, **more)  # type: ignore[arg-type]

        planned, off, on = make("Nog niet zichtbaar", publish=False), make("Gaat niet door"), make("Kunstmarkt")
        actions.cancel_event(by=by, event=off, reason="Er is storm voorspeld.")
        full = actions.make_offer(
            by=by, school=school, what=OfferInput("Rijden", 2, kind="seats", most_each=2), event=on
        )
        actions.make_offer(by=by, school=school, what=OfferInput("Later", 30, opens_at=now + timedelta(1)), event=on)
        actions.add_by_hand(by=by, offer=full, name="Opa van Fien", amount=2)
        told_to = PostTarget(group_ids=frozenset({group.pk}))
        post = start_draft(by=by, school=school, kind="announcement", target=told_to)
        save_draft(by=by, post=post, content=Content(title="Binnenkort: Kunstmarkt"), target=told_to)
        order_post(by=by, post=post, at=now + timedelta(days=1))
        Reminder.objects.create(school=school, event=on, post=post, sends_at=now + timedelta(1), made_at=now)
        Reminder.objects.create(school=school, event=planned, state="stuck", sends_at=now, made_at=now)
    for event, label in ((planned, "a plan"), (off, "cancelled"), (on, "with a reminder and places")):
        look.open(reverse("agenda:event", args=[event.public_id]), label)
    for name in ("edit", "cancel", "ask", "add_document"):
        look.open(reverse(f"agenda:{name}", args=[on.public_id]), name)
    look.open(reverse("agenda:change_offer", args=[full.public_id]), "change what is asked")
    new = reverse("agenda:new", args=[school.public_id])
    look.open(new, "something new")
    look.send(look.page.locator(SEND), "something new, empty", fill={"title": ""})
    look.open(f"{reverse('home:agenda')}?group={group.public_id}", "one group")
    look.open(f"{reverse('home:agenda')}?view=month&group={group.public_id}", "the month of one group")


def looking(look: Inspector, browsing: Browsing) -> None:
    """A parent looks at what is full, what opens later and what is cancelled, answers, and at an empty week."""
    with browsing.turn():
        events = {e.title: e.public_id for e in Event.objects.filter(title__in=["Kunstmarkt", "Gaat niet door"])}
    for title, public_id in events.items():
        look.open(reverse("agenda:event", args=[public_id]), f"as a parent: {title}")
    look.open(f"{reverse('home:agenda')}?week=2024-08-05", "an empty week")
    look.open(f"{reverse('home:agenda')}?view=month&month=2026-12", "December")
