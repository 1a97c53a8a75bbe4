"""Whom no message of the school reaches: for the office, which can do something about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kring.core.viewer import Viewer
from kring.notifications.devices import with_device
from kring.notifications.models import Delivery, TopicChoice
from kring.people.models import Person
from kring.school.models import School

MOST = 200


@dataclass(frozen=True, slots=True)
class Unreached:
    """Persons by the reason why nothing reaches them; `more` says how many without a login are not listed."""

    no_login: list[Person]
    bounces: list[Person]
    no_mail: list[Person]
    more: int

    @property
    def is_empty(self) -> bool:
        """Say whether everybody can be reached."""
        return not (self.no_login or self.bounces or self.no_mail)


def unreached_at(school: School, viewer: Viewer, *, now: datetime) -> Unreached:
    """Return the guardians and colleagues of the school whom no push and no mail reaches at `now` (aware).

    Six queries, however many they are. Nobody for who does not keep the school.
    """
    today = school.today(now)
    kept = Person.objects.kept_by(viewer, school)
    persons = (kept.guardians_who_read_on(today) | kept.team_on(today)).distinct()
    waiting = persons.not_joined()
    number = waiting.count()
    joined = {person.user_id: person for person in persons.filter(user__isnull=False, user__is_active=True)}
    silent = joined.keys() - with_device(key for key in joined if key is not None)
    bouncing = Delivery.objects.bouncing(key for key in silent if key is not None)
    refusing = TopicChoice.objects.without_mail(key for key in silent if key is not None) - bouncing
    return Unreached(
        no_login=list(waiting.first_few(MOST)),
        bounces=[person for key, person in joined.items() if key in bouncing],
        no_mail=[person for key, person in joined.items() if key in refusing],
        more=max(number - MOST, 0),
    )
