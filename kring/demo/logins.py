"""Logins of the demo: without a password, because the demo's sign-in page offers them as buttons."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress

from kring.people.models import Person, User


def give_login(*, person: Person, email: str, now: datetime) -> User:
    """Attach a login to the person, a new one or the one that this address has already (a parent at two schools)."""
    user = User.objects.filter(email=email.lower()).first() or User.objects.create_user(email)
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    Person.objects.filter(pk=person.pk).update(user=user, joined_at=now)
    person.user, person.joined_at = user, now
    return user
