"""Who a session belongs to: allauth's backend, reading the login with a kept statement at each request."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from kring.core.prepared import rows_of
from kring.people.models import User

COLUMNS = tuple(field.attname for field in User._meta.concrete_fields)


class Backend(AuthenticationBackend):
    """Signs in by e-mail address and password, as allauth does."""

    def get_user(self, user_id: int | str) -> User | None:
        """Return the login with this key, unless it was switched off."""
        for row in rows_of("user", _users, int(user_id)):
            user = User.from_db("default", COLUMNS, row)
            return user if self.user_can_authenticate(user) else None
        return None


def _users(key: int) -> QuerySet[User, Any]:
    return User.objects.filter(pk=key).values_list(*COLUMNS)
