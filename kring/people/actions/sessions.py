"""Ending the sessions of somebody who lost something."""

from __future__ import annotations

from django.db.models import F

from kring.people.models import Person, User


def end_sessions(person: Person) -> None:
    """Raise the session epoch of the person's login, so that every open session of hers has to sign in again."""
    if person.user_id is not None:
        User.objects.filter(pk=person.user_id).update(session_epoch=F("session_epoch") + 1)
