"""One event of groep 5 with everything that hangs on it, for the access table."""

from __future__ import annotations

from datetime import timedelta

from kring.agenda import actions
from kring.agenda.models import Reminder
from kring.posts.actions import Content, order_post, save_draft, start_draft
from kring.posts.permissions import Target as PostTarget
from tests.agenda.planning import ask, plan, take
from tests.cast import NOW, Cast
from tests.files import papers


def events_of(cast: Cast) -> dict[str, str]:
    """Return the names of an event with an answer, places, a document and a reminder, and of one that is planned."""
    event = plan(cast, title="Kunstmarkt", place="Plein", text="Kom kijken", rsvp="family")
    actions.answer_event(by=cast.viewer("guardian"), event=event, answer="yes", number=3)
    offer = ask(cast, event=event, title="Hapjes")
    signup = take(cast, offer)
    attached = actions.attach_document(by=cast.viewer("teacher"), event=event, upload=papers.upload(papers.pdf()))
    free = ask(cast, event=event, title="Opruimen")
    planned = plan(cast, title="Later", publish=False)
    return {
        "event": event.public_id,
        "event.offer": offer.public_id,
        "event.free": free.public_id,
        "event.signup": signup.public_id,
        "event.document": attached.public_id,
        "event.reminder": _reminder(cast, event_pk=event.pk),
        "planned": planned.public_id,
    }


def _reminder(cast: Cast, *, event_pk: int) -> str:
    by, target = cast.viewer("teacher"), PostTarget(group_ids=frozenset({cast.five.pk}))
    post = start_draft(by=by, school=cast.school, kind="announcement", target=target)
    post = save_draft(by=by, post=post, content=Content(title="Binnenkort"), target=target)
    post = order_post(by=by, post=post, at=NOW + timedelta(days=3))
    reminder = Reminder.objects.create(
        school=cast.school, event_id=event_pk, post=post, sends_at=NOW + timedelta(days=3), made_at=NOW
    )
    return reminder.public_id
