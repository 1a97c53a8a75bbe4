"""A yes that ended because who said it has no authority any more: the team of the child's group hears it (P4)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kring.consents.actions.answering import tell_the_team
from kring.consents.models import Standing
from kring.consents.reading import lapsed_of
from kring.core.viewer import Operator
from kring.people.models import Child, Enrolment, current_on


@transaction.atomic
def tell_of_lapsed(*, child: Child, now: datetime) -> bool:
    """Take note of each yes for the child that does not count any more at `now` (aware), and tell the team once.

    Only by the clock; may run twice. Returns whether the team is told: not when another guardian's answer counts, so
    that nothing changed, and not of a child that left.
    """
    today = child.school.today(now)
    lapsed = Standing.objects.filter(child=child).just_lapsed(on=today)
    keys, codes = [], set()
    for key, code in lapsed.values_list("pk", "code"):
        keys.append(key)
        codes.add(code)
    # Two clocks at once: who takes note of them tells.
    if not Standing.objects.filter(pk__in=keys, lapsed_at__isnull=True).update(lapsed_at=now):
        return False
    if (
        not lapsed_of([child.pk], codes, today=today)
        or not Enrolment.objects.filter(current_on(today), child=child).exists()
    ):
        return False
    tell_the_team(by=Operator(now=now), child=child)
    return True


def note_authority_again(*, child: Child, now: datetime) -> None:
    """Forget that a yes lapsed, because who said it has authority again: when it lapses once more, that is told."""
    rows = Standing.objects.filter(child=child, lapsed_at__isnull=False)
    rows.counting_on(child.school.today(now)).update(lapsed_at=None)
