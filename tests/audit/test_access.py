"""The log is for management of the school."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.cast import ROLES, Cast


@pytest.mark.both_databases
@pytest.mark.parametrize("role", ROLES)
def test_only_management_reads_the_log(cast: Cast, role: str) -> None:
    response = cast.client(role).get(reverse("people:log", args=[cast.school.public_id]))
    assert response.status_code == {"signed out": 302, "management": 200}.get(role, 404)


@pytest.mark.both_databases
def test_the_log_of_another_school_is_not_found(cast: Cast) -> None:
    there = reverse("people:log", args=[cast.second_school.public_id])
    assert cast.client("management").get(there).status_code == 404
    assert cast.client("second_management").get(there).status_code == 200
