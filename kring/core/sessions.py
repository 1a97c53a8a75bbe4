"""Sessions in the database, as Django has them, read with a kept statement: it is the first thing of every request."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from kring.core.prepared import rows_of


class SessionStore(db.SessionStore):
    """Django's own store, with its one query for reading made once."""

    def _get_session_from_db(self) -> Session | None:
        for key, data, expires in rows_of("session", _sessions, self.session_key, timezone.now()):
            return Session(session_key=key, session_data=data, expire_date=expires)
        self._session_key = None
        return None


def _sessions(key: str, now: datetime) -> QuerySet[Session, Any]:
    found = Session.objects.filter(session_key=key, expire_date__gt=now)
    return found.values_list("session_key", "session_data", "expire_date")
