"""What the tests of this room share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django_tasks import default_task_backend

from kring.people.models import User
from tests import factories as make

PASSWORD = "een lange zin als wachtwoord"


@pytest.fixture(autouse=True)
def a_fresh_start(settings: Any) -> Iterator[None]:
    """Count rate limits in memory, from nothing, and forget the queue of earlier tests."""
    settings.CACHES = {
        **settings.CACHES,
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "accounts"},
    }
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": settings.TASK_QUEUES}
    }
    cache.clear()
    default_task_backend.clear()
    yield
    cache.clear()


class Post:
    """The mails that wait in the queue, oldest first: subject, body, to."""

    @property
    def mails(self) -> list[tuple[str, str, str]]:
        return [
            tuple(result.args)  # type: ignore[misc]
            for result in default_task_backend.results
            if result.task.func.__name__ == "send_account_mail"
        ]

    @property
    def invitations(self) -> list[int]:
        return [
            result.args[0] for result in default_task_backend.results if result.task.func.__name__ == "send_invitation"
        ]


@pytest.fixture
def post() -> Post:
    """Return the queue of mails."""
    return Post()


@pytest.fixture
def user(db: None) -> User:
    """Return a login with a password, and without a person."""
    found = make.UserFactory(email="iemand@example.org")
    found.set_password(PASSWORD)
    found.save()
    return found


def sign_in(client: Client, email: str = "iemand@example.org", password: str = PASSWORD, **extra: Any) -> Any:
    return client.post("/account/login/", {"login": email, "password": password}, **extra)
