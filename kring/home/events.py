"""Events as lines of the board and the week of a first page: for a parent, and for the team of a school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from kring.agenda.coming import children_at
from kring.agenda.models import Event
from kring.agenda.rules import Category
from kring.agenda.wording import hours_of
from kring.core.viewer import Viewer
from kring.home.rules import Stretch, is_period, place_of
from kring.home.soon import Coming
from kring.posts.cards import OwnChild, Whom, whom_words

FREE = frozenset({Category.HOLIDAY, Category.STUDY_DAY})


def coming_events(
    viewer: Viewer,
    events: Sequence[Event],
    stretch: Stretch,
    *,
    whom: Mapping[int, Whom],
    children: Mapping[int, OwnChild],
) -> list[Coming]:
    """Return a line for each event that asks something of a day of the stretch; `whom` by the audience's key.

    A period stands on its first day only. What was cancelled stands there too: somebody may have counted on it.
    """
    found = []
    for event in events:
        place = place_of(stretch, from_date=event.starts_on, until_date=event.ends_on)
        target = whom[event.audience_id]
        mine = children_at(viewer, event, target, children)
        if place is None or place[0] == "going" or (children and not mine):
            continue
        found.append(
            Coming(
                title=_("Does not go on: %(what)s") % {"what": event.title} if event.is_cancelled else event.title,
                more=_more(event),
                icon="calendar-x-2" if event.is_cancelled or event.category in FREE else event.icon,
                children=mine,
                whom=whom_words(target),
                public_id="",
                day=place[1],
                link=reverse("agenda:event", args=[event.public_id]),
            )
        )
    return found


def _more(event: Event) -> str:
    if event.is_cancelled:
        return event.reason
    if hours_of(event):
        return hours_of(event)
    if is_period(event.starts_on, event.ends_on):
        return str(event.get_category_display())
    return event.place
