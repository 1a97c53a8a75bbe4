"""Which children still wait for an answer: the same question for a list, for reminders and for a guardian's page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kring.agreements.current import policies_seen_by, policy_for
from kring.consents.models import Renewal, Standing
from kring.consents.rules import waits_for
from kring.core.viewer import Viewer
from kring.people.models import Child
from kring.school.models import Group, School


def waiting_among(
    children: Iterable[int], *, school: School, purposes: tuple[str, ...], today: date
) -> dict[int, set[str]]:
    """Return child -> the purposes nobody with authority answered, or not since this year's round. Two queries.

    Children for whom everything is answered are left out.
    """
    keys = list(children)
    asked_at = Renewal.objects.asked_at(school, today)
    answered = Standing.objects.last_answered(keys, on=today)
    found = {key: waits_for(purposes, answered.get(key, {}), asked_at=asked_at) for key in keys}
    return {key: codes for key, codes in found.items() if codes}


def waiting_in(group: Group, *, purposes: tuple[str, ...], today: date) -> dict[int, set[str]]:
    """Return the same for the children who sit in the group today. Three queries."""
    seated = Child.objects.sitting_on(today, group=group).values_list("pk", flat=True)
    return waiting_among(seated, school=group.school, purposes=purposes, today=today)


def open_for(viewer: Viewer, children: Iterable[Child]) -> dict[int, int]:
    """Return child -> how many purposes wait for her own choice: not chosen, or not since this year's round.

    For her own pages; what another guardian chose is not in it. Two queries, and two for each school's agreement.
    """
    kept = list(children)
    schools = {child.school_id: child.school for child in kept}
    own = Standing.objects.chosen_by(viewer.persons.values(), [child.pk for child in kept])
    policies = policies_seen_by(viewer, schools)
    days = {school.today(viewer.now) for school in schools.values()}
    renewals = {pk: row for day in days for pk, row in Renewal.objects.in_year_of(schools, day).items()}
    found = {}
    for child in kept:
        renewal = renewals.get(child.school_id)
        purposes = policies[child.school_id].consent_purposes.purposes
        asked_at = renewal.started_at if renewal else None
        found[child.pk] = len(waits_for(purposes, own.get(child.pk, {}), asked_at=asked_at))
    return found


def waiting_for(viewer: Viewer, *, group_id: int) -> dict[int, set[str]]:
    """Return the same for the children in the group for whom she answers."""
    own = {span.child_id for span in viewer.spans if span.group_id == group_id and span.is_current and span.may_answer}
    group = Group.objects.select_related("school").filter(pk=group_id).first() if own else None
    if group is None:
        return {}
    purposes = policy_for(group.school_id, at=viewer.now).consent_purposes.purposes
    return waiting_among(own, school=group.school, purposes=purposes, today=group.school.today(viewer.now))
