"""This room's work for the worker. May run twice without harm."""

from __future__ import annotations

from django_tasks import task


@task(queue_name="plans")
def search(run_id: int) -> None:
    """Look for a plan of all conversations of a round: up to a minute of one core, in a lane of its own."""
    from kring.meetings.actions.planning import run_search

    run_search(run_id)
