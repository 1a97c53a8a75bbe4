"""Taking the unique keys of booking away, on a scratch database, and putting them back: what they are worth is what
goes wrong without them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models
from django.db.migrations import AlterField, RemoveConstraint
from django.db.migrations.loader import MigrationLoader

OPERATIONS = (
    AlterField("booking", "slot", models.ForeignKey("meetings.slot", models.PROTECT, related_name="booking")),
    AlterField(
        "booking", "party", models.ForeignKey("meetings.party", models.CASCADE, null=True, related_name="booking")
    ),
    RemoveConstraint("occupied", "person_in_one_place"),
    RemoveConstraint("occupied", "login_in_one_place"),
)


@contextmanager
def without_keys() -> Iterator[None]:
    """Let a moment have two bookings, a party come twice and a person be in two places, until the block ends.

    Whoever uses it empties the tables before that, else the keys cannot come back. Outside a transaction.
    """
    state = MigrationLoader(connection).project_state()
    steps = []
    with connection.schema_editor() as editor:
        for operation in OPERATIONS:
            after = state.clone()
            operation.state_forwards("meetings", after)
            operation.database_forwards("meetings", editor, state, after)
            steps.append((operation, state, after))
            state = after
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            for operation, before, after in reversed(steps):
                operation.database_backwards("meetings", editor, after, before)
