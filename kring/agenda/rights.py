"""The conditions behind every list of events: who may read one, and whose work it is."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import F, Q

from kring.agenda.rules import EventState
from kring.agreements.current import closing_dates
from kring.core.viewer import STAFF, Viewer
from kring.people.models import Audience
from kring.people.reading import readable
from kring.school.models import Group, Layer, LayerLevel

GroupOfAudience = Audience.groups.through
LayerOfAudience = Audience.layers.through


def may_read(viewer: Viewer) -> Q:
    """Return the condition that a published event is for this viewer: limited guardians have the agenda too.

    What counts is the day of the event, not the day of publication: a child who joins in March sees what is on in May,
    and whoever left in February does not.
    """
    found = readable(viewer, closes_on=closing_dates(viewer), moment="begins_at", limited="all") | _next_year(viewer)
    return found & Q(school_id__in={*viewer.school_ids, *viewer.persons})


def _next_year(viewer: Viewer) -> Q:
    """Return the condition for what lies after the school year of her children, when groups are not known yet (A1).

    Of the layers those that a child of hers will be in: one level up.
    """
    levels: dict[tuple[int, datetime], list[int]] = defaultdict(list)
    for span in viewer.spans:
        if span.is_current:
            levels[(span.school_id, span.year_ends)].append(span.year_level)
    found = Q(pk__in=[])
    for (school_id, year_ends), below in levels.items():
        above = LayerLevel.objects.annotate(below=F("year_level") - 1).filter(layer__school_id=school_id)
        layers = LayerOfAudience.objects.filter(layer_id__in=above.filter(below__in=below).values("layer_id"))
        whom = Q(audience__whole_school=True) | Q(audience__in=layers.values("audience_id"))
        found |= Q(school_id=school_id, begins_at__gte=year_ends) & whom
    return found


def for_group_or_wider(group: Group, *, audience: str = "audience") -> Q:
    """Return the condition that a row of the group's school is for the group itself, for a layer that it belongs to, or
    for its whole school; `audience` is the way to the audience."""
    groups = GroupOfAudience.objects.filter(group_id=group.pk)
    levels = Layer.objects.filter(school_id=group.school_id, levels__year_level__in=group.year_levels)
    layers = LayerOfAudience.objects.filter(layer_id__in=levels.values("pk"))
    whom = Q(**{f"{audience}__whole_school": True}) | Q(**{f"{audience}__in": groups.values("audience_id")})
    return (whom | Q(**{f"{audience}__in": layers.values("audience_id")})) & Q(school_id=group.school_id)


def is_out(viewer: Viewer) -> Q:
    """Return the condition that the event was published before `viewer.now`."""
    return Q(state=EventState.PUBLISHED, visible_from__lte=viewer.now)


def works_on(viewer: Viewer) -> Q:
    """Return the condition that an event is hers to work on: her own, her groups', and all for office and management.

    Planned ones too.
    """
    schools = {role.school_id for role in viewer.roles if role.kind in STAFF and role.school_id is not None}
    found = Q(owner_id__in=list(viewer.persons.values()), school_id__in=schools)
    found |= Q(school_id__in=viewer.managed_school_ids)
    if viewer.taught_group_ids:
        groups = GroupOfAudience.objects.filter(group_id__in=viewer.taught_group_ids)
        found |= Q(audience__in=groups.values("audience_id"))
    return found
