"""What the clock does in this room."""

from __future__ import annotations

from django.utils import timezone

from kring.absences.actions import ask_still_ill, forget_old
from kring.school.models import School

ASK_FROM, ASK_UNTIL = 6, 10  # the hours of the morning, the school's own, in which is asked


def ask_who_is_still_ill() -> None:
    """Ask, at the schools where it is morning, if children are still ill (S9)."""
    now = timezone.now()
    for school in School.objects.all():
        if ASK_FROM <= now.astimezone(school.zone).hour < ASK_UNTIL:
            ask_still_ill(school=school, now=now)


def forget_absences() -> None:
    """Forget at every school what is older than it keeps."""
    now = timezone.now()
    for school in School.objects.all():
        forget_old(school=school, now=now)
