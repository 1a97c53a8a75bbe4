"""A real, empty school and somebody who may import."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from kring.core.viewer import Operator
from kring.imports.actions import apply_import, preview_import
from kring.imports.models import Import
from kring.imports.plan import Plan
from kring.people.models import Child, Enrolment, ExternalRef, Guardianship, Person, TeamRole
from kring.school.models import Group, School
from tests import factories as make
from tests.imports.rosters import Tables, as_zip

Bring = Callable[..., Plan]


@pytest.fixture
def school(db: None) -> School:
    return make.SchoolFactory(name="De Wilg")


@pytest.fixture
def read_in(school: School) -> Callable[..., Import]:
    def read_in(tables: Tables, **options: object) -> Import:
        by = Operator(now=timezone.now())
        return preview_import(by=by, school=school, uploads=[("roster.zip", as_zip(tables))], **options)  # type: ignore[arg-type]

    return read_in


@pytest.fixture
def bring(read_in: Callable[..., Import]) -> Bring:
    """Read in and apply a roster; return the plan that was carried out."""

    def bring(tables: Tables, *, confirmed_gone: bool = True) -> Plan:
        waiting = read_in(tables)
        assert waiting.state == "ready", waiting.faults
        return apply_import(by=Operator(now=timezone.now()), waiting=waiting, confirmed_gone=confirmed_gone)

    return bring


def everything(school: School) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of the school that an import may touch, to compare before and after."""
    models = (Child, Person, Enrolment, Guardianship, TeamRole, ExternalRef, Group)
    return {m.__name__: sorted(m.objects.filter(school=school).values_list(), key=repr) for m in models}
