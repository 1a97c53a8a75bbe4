"""The two conditions behind every list of posts: who may read it, and whose work it is."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, Value

from kring.agreements.current import closing_dates
from kring.core.viewer import STAFF, RoleKind, Viewer
from kring.people.models import Audience
from kring.people.reading import readable
from kring.posts.rules import State

GroupOfAudience = Audience.groups.through
LayerOfAudience = Audience.layers.through
AUTHORS = STAFF | {RoleKind.PARENT_COUNCIL}


def may_read(viewer: Viewer, *, post: str = "") -> Q:
    """Return the condition that what was published was published to this viewer.

    `post` is the way to the post from another row of the same school: "post__".
    """
    # Limited guardians read what is for the whole school, not what a group shows (house.md, 8).
    audience, moment = f"{post}audience", f"{post}visible_from"
    found = readable(viewer, closes_on=closing_dates(viewer), audience=audience, moment=moment, limited="wide")
    # Says nothing new, but lets the database walk one school's rows in their order instead of sorting everything.
    return found & Q(school_id__in={*viewer.school_ids, *viewer.persons})


def is_out(viewer: Viewer, *, post: str = "") -> Q:
    """Return the condition that a post can be read by those it is for: published, and the fifteen seconds are over."""
    return Q(**{f"{post}state": State.PUBLISHED, f"{post}visible_from__lte": viewer.now})


def target_rows(audience_id: int) -> QuerySet[Any, Any]:
    """Return what an audience names: "layer" or "group", and the key."""
    layers = LayerOfAudience.objects.filter(audience_id=audience_id)
    groups = GroupOfAudience.objects.filter(audience_id=audience_id)
    return layers.values_list(Value("layer"), "layer_id").union(
        groups.values_list(Value("group"), "group_id"), all=True
    )


def author_schools(viewer: Viewer) -> set[int]:
    """Return the schools where she may be the author of something."""
    return {role.school_id for role in viewer.roles if role.kind in AUTHORS and role.school_id is not None}


def works_on(viewer: Viewer) -> Q:
    """Return the condition that a post is hers to work on: her own, and what was ordered for her groups or school."""
    own = Q(author_id__in=list(viewer.persons.values()), school_id__in=author_schools(viewer))
    ordered = ~Q(state=State.DRAFT)
    found = own | (ordered & Q(school_id__in=viewer.managed_school_ids))
    if viewer.taught_group_ids:
        groups = GroupOfAudience.objects.filter(group_id__in=viewer.taught_group_ids)
        found |= ordered & Q(audience__in=groups.values("audience_id"))
    return found
