"""Every table says why it keeps what it keeps, and points only downward."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

ROOMS_FROM_THE_GROUND = [
    {"core"},
    {"audit"},
    {"school"},
    {"people"},
    {"files"},
    {"agreements"},
    {"notifications"},
    {"consents"},
    {"photos"},
    {"posts", "conversations", "absences", "accounts"},
    {"agenda"},
    {"help_requests", "meetings"},
    {"cover"},
    {"home", "api", "imports", "privacy", "demo"},
]
FLOOR = {room: floor for floor, rooms in enumerate(ROOMS_FROM_THE_GROUND) for room in rooms}
OURS = [m for m in apps.get_models() if m.__module__.startswith("kring.")]
IDS = [m._meta.label for m in OURS]


def own_fields(model: type[models.Model]) -> set[str]:
    meta = model._meta
    return {f.name for f in (*meta.local_fields, *meta.local_many_to_many, *meta.private_fields)}


@pytest.mark.parametrize("model", OURS, ids=IDS)
def test_every_field_is_classified_for_privacy(model: type[models.Model]) -> None:
    privacy = getattr(model, "Privacy", None)
    assert privacy is not None, "class Privacy is missing"
    assert privacy.purpose
    assert privacy.keep
    classified = [*privacy.personal, *privacy.impersonal]
    assert len(classified) == len(set(classified)), "a field is classified twice"
    assert set(classified) == own_fields(model)


@pytest.mark.parametrize("model", OURS, ids=IDS)
def test_relations_point_to_rooms_below(model: type[models.Model]) -> None:
    for field in model._meta.get_fields():
        target = getattr(field, "related_model", None)
        if target is None or field.auto_created or not isinstance(target, type):
            continue
        room, other = model._meta.app_label, target._meta.app_label
        if other in FLOOR:
            assert room == other or FLOOR[other] < FLOOR[room], f"{field} points up or sideways"


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_model_of_a_room_lies_in_that_room() -> None:
    for model in OURS:
        room = Path(*model.__module__.split(".")[:2])
        assert model._meta.app_label == room.name
